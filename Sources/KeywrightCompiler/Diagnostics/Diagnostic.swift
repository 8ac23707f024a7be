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

  /// A second place, and what is to be seen there.
  package struct Note: Sendable, Hashable {
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
      "\(file):\(note.position.line):\(note.position.column): note: \(note.message)"
    }
    return ([head] + tail).joined(separator: "\n")
  }
}

/// Where diagnostics of one file are gathered: one error for each code and place.
package struct DiagnosticBag {
  /// The text they are about.
  package let source: SourceText
  /// What was found, in the order in which it was found.
  package private(set) var diagnostics: [Diagnostic] = []

  /// Codes and places that have an error.
  private var known: Set<String> = []

  /// A bag for one text, in which nothing is wrong yet.
  package init(_ source: SourceText) { self.source = source }

  /// Whether nothing is wrong so far.
  package var isEmpty: Bool { diagnostics.isEmpty }

  /// Adds an error, unless that place has one of that code.
  package mutating func add(
    _ message: String, code: String, at place: Place, notes: [(Place, String)] = []
  ) {
    guard diagnostics.count < Self.limit, known.insert("\(code) \(place.start)").inserted else {
      return
    }
    let diagnostic = Diagnostic(
      file: source.name, position: source.position(at: place.start),
      end: source.position(at: place.end), message: message, code: code,
      notes: notes.map { Diagnostic.Note(position: source.position(at: $0.start), message: $1) })
    diagnostics.append(diagnostic)
  }

  /// The most errors that are told of one file; who has so many mends the first and looks again.
  static let limit = 100

  /// The errors in the order of the text.
  package var sorted: [Diagnostic] {
    diagnostics.sorted { ($0.position, $0.code) < ($1.position, $1.code) }
  }
}
