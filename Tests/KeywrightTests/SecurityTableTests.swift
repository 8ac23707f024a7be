import Foundation
import Testing

/// `docs/security-tests.md` names tests that exist.
@Suite("The table of security")
struct SecurityTableTests {
  /// One line of the table.
  struct Row {
    let number: Int
    let tests: [(file: String, name: String)]
    let missing: String

    /// Nil for what is no row.
    init?(_ line: Substring) {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 6, let number = Int(cells[1]) else { return nil }
      self.number = number
      missing = cells[4]
      tests = cells[3].components(separatedBy: "<br>").filter { !$0.isEmpty }.map { test in
        let parts = test.split(separator: "`", maxSplits: 1).map(String.init)
        return (parts[0], parts.count == 2 ? String(parts[1].dropFirst()) : "")
      }
    }
  }

  private static func rows() throws -> [Row] {
    try Repository.text("docs/security-tests.md").split(separator: "\n").compactMap(Row.init)
  }

  /// The names of a file's tests.
  private static func names(in text: String) -> Set<String> {
    Set(text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/).map { String($0.output.1) })
  }

  @Test("every row that library and server answer for stands in it once")
  func numbers() throws {
    let expected = [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 27, 28, 29, 30,
      31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 44, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
      60,
      61,
    ]
    #expect(try Self.rows().map(\.number) == expected)
  }

  @Test("every test that it names exists, and a row without one says what is missing")
  func tests() throws {
    let files = try RepositoryTests.files("Tests")
    for row in try Self.rows() {
      #expect(!row.tests.isEmpty || !row.missing.isEmpty, "row \(row.number)")
      for test in row.tests {
        let file = files.first { $0.path.hasSuffix("/\(test.file)") }
        let names = Self.names(in: file?.text ?? "")
        #expect(names.contains(test.name), "row \(row.number): \(test.file): \(test.name)")
      }
    }
  }
}
