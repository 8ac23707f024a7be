package import KeywrightDefinition

extension Diagnostic {
  /// The error as a line, with the line of the spec below it and marks under the place.
  package var withSource: String {
    let scalars = Array(line.unicodeScalars)
    let before = scalars.prefix(position.column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
    let end = end.line == position.line ? end.column : scalars.count + 1
    let width = max(1, min(end, scalars.count + 1) - position.column)
    let marks = "^" + String(repeating: "~", count: width - 1)
    let lines = description.split(separator: "\n", maxSplits: 1).map(String.init)
    var result = "\(lines[0])\n  \(line)\n  \(before)\(marks)"
    if let fix { result += "\n  \(before)\(fix)" }
    return lines.count > 1 ? "\(result)\n\(lines[1])" : result
  }

  /// The error for other programs: places count from 1, `offset` in bytes from 0.
  package var json: JSON {
    var members: [JSON.Member] = [
      .init("file", .string(file)), .init("code", .string(code)),
      .init("message", .string(message)),
      .init("start", position.json), .init("end", end.json),
    ]
    if let fix { members.append(.init("fix", .string(fix))) }
    if !notes.isEmpty {
      let notes = notes.map { note in
        JSON.object([
          .init("file", .string(note.file)), .init("message", .string(note.message)),
          .init("start", note.position.json),
        ])
      }
      members.append(.init("notes", .array(notes)))
    }
    return .object(members)
  }
}

extension Position {
  fileprivate var json: JSON {
    .object([
      .init("line", .integer(Int64(line))), .init("column", .integer(Int64(column))),
      .init("offset", .integer(Int64(offset))),
    ])
  }
}
