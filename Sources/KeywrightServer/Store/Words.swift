/// Words to look for in a column, whatever signs are in them: `column LIKE ? ESCAPE '\'`.
enum Words {
  static func pattern(_ text: String) -> String {
    var pattern = "%"
    for character in text {
      if "\\%_".contains(character) { pattern += "\\" }
      pattern.append(character)
    }
    return pattern + "%"
  }
}
