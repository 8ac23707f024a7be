package import KeywrightDefinition

/// What is wrong with a spec, where, and what to write instead.
package struct Diagnostic: Sendable, Hashable {
  /// The file's name as the caller gave it.
  package let file: String
  /// Where it begins.
  package let position: Position

  /// Where the place ends.
  package let end: Position

  /// Lower case, no full stop: what was found, then what is wanted.
  package let message: String

  /// The stable code, which has a page.
  package let code: String

  /// Other places that belong to it.
  package let notes: [Note]

  /// What to write in the place instead, where only one thing makes sense.
  package let fix: String?

  /// The line that it begins in.
  package let line: String

  /// A second place, and what is to be seen there.
  package struct Note: Sendable, Hashable {
    /// The file's name.
    package let file: String
    /// Where it begins.
    package let position: Position
    /// What is to be seen there.
    package let message: String
  }
}

/// A place in a text, counted from 1; a column is a Unicode scalar.
package struct Position: Sendable, Hashable, Comparable {
  /// From 1.
  package let line: Int
  /// From 1, in Unicode scalars.
  package let column: Int

  /// Bytes from the start of the text, from 0.
  package let offset: Int

  /// The earlier one is less.
  package static func < (one: Position, other: Position) -> Bool { one.offset < other.offset }
}

extension Diagnostic: CustomStringConvertible {
  /// `path:line:column: error: message [code]`, and a line for each note.
  package var description: String {
    let head = "\(file):\(position.line):\(position.column): error: \(message) [\(code)]"
    let tail = notes.map { note in
      "\(note.file):\(note.position.line):\(note.position.column): note: \(note.message)"
    }
    return ([head] + tail).joined(separator: "\n")
  }
}

/// Where diagnostics of one spec are gathered: one error for each code and place.
package struct DiagnosticBag {
  /// The texts they are about: the spec, and those that it extends.
  package private(set) var sources: [SourceText]
  /// What was found, in the order in which it was found.
  package private(set) var diagnostics: [Diagnostic] = []

  /// What is wrong with the compiler's own part of a method: told only where nothing else is, since something else
  /// is then its cause.
  private var consequences: [Diagnostic] = []

  /// Codes and places that have an error.
  private var known: Set<String> = []

  /// A bag for one text, in which nothing is wrong yet.
  package init(_ source: SourceText) { sources = [source] }

  /// Whether nothing is wrong so far.
  package var isEmpty: Bool { diagnostics.isEmpty && consequences.isEmpty }

  /// Takes in a text that the spec extends, and numbers it.
  mutating func include(_ source: SourceText) -> SourceText {
    var source = source
    source.file = sources.count
    sources.append(source)
    return source
  }

  /// Where some bytes of a scalar stand.
  func place(of range: Range<Int>?, in node: Node) -> Place {
    sources[node.place.file].place(of: range, in: node)
  }

  /// Adds an error, unless that place has one of that code.
  /// - Parameter fix: what to write in the place instead.
  package mutating func add(
    _ message: String, code: String, at place: Place, notes: [(Place, String)] = [],
    fix: String? = nil, isConsequence: Bool = false
  ) {
    guard diagnostics.count < Self.limit,
      known.insert("\(code) \(place.file) \(place.start) \(code == "missing-key" ? message : "")")
        .inserted
    else { return }
    let source = sources[place.file]
    let diagnostic = Diagnostic(
      file: source.name, position: source.position(at: place.start),
      end: source.position(at: place.end), message: message, code: code,
      notes: notes.map { place, message in
        let source = sources[place.file]
        return Diagnostic.Note(
          file: source.name, position: source.position(at: place.start), message: message)
      }, fix: fix, line: source.line(at: place.start))
    if isConsequence { consequences.append(diagnostic) } else { diagnostics.append(diagnostic) }
  }

  /// The most errors that are told of one spec; who has so many mends the first and looks again.
  static let limit = 100

  /// The errors in the order of the text, those of the spec itself first.
  package var sorted: [Diagnostic] {
    let own = sources[0].name
    return (diagnostics.isEmpty ? consequences : diagnostics).sorted {
      ($0.file == own ? 0 : 1, $0.position, $0.code) < (
        $1.file == own ? 0 : 1, $1.position, $1.code
      )
    }
  }
}
