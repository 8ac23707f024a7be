/// The end of a sentence about an unknown word: `; did you mean 'scopes'?`, or nothing where none is near.
///
/// Near is at most two edits (three for words of ten letters and more), and less than half of the word.
package func didYouMean(_ word: String, among known: some Sequence<String>) -> String {
  guard let best = nearest(to: word, among: known) else { return "" }
  return "; did you mean '\(best)'?"
}

/// The known word with the fewest edits to the given one; of several the first by the alphabet.
package func nearest(to word: String, among known: some Sequence<String>) -> String? {
  let letters = Array(word.utf8)
  let limit = min(letters.count >= 10 ? 3 : 2, letters.count / 2)
  let near = known.map { (edits(letters, Array($0.utf8)), $0) }
    .filter { $0.0 <= limit }
    .min { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }
  return near?.1
}

/// The edit distance in which two letters that changed places count once (optimal string alignment).
private func edits(_ one: [UInt8], _ other: [UInt8]) -> Int {
  if abs(one.count - other.count) > 3 { return .max }
  var earlier: [Int] = []
  var above = Array(0...other.count)
  for i in one.indices {
    var row = [i + 1]
    for j in other.indices {
      var best = min(above[j] + (one[i] == other[j] ? 0 : 1), above[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
        best = min(best, earlier[j - 1] + 1)
      }
      row.append(best)
    }
    earlier = above
    above = row
  }
  return above[other.count]
}
