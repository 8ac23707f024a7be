package import Foundation
import KeywrightDefinition

/// A folder of specs: `<first letter or digit>/<id>.yaml`, or `<id>.yaml` and `<id>.provider.yaml` lying flat.
package struct SpecFolder: Sendable {
  /// One file, with the id that its name gives.
  package struct File: Sendable, Hashable {
    /// The id that the file is named after.
    package let id: String

    /// As diagnostics print it.
    package let path: String
    /// Where it lies.
    package let url: URL
  }

  /// Why a folder or file could not be taken.
  package struct Failure: Error, CustomStringConvertible {
    /// What is wrong and what to do.
    package let description: String

    /// Says what is wrong and what to do.
    package init(_ description: String) { self.description = description }
  }

  /// The files, sorted by id.
  package let files: [File]

  /// Finds the specs under some paths: a file is one, of a folder all that lie in it.
  package init(_ paths: [String]) throws(Failure) {
    var files: [File] = []
    for path in paths { files += try Self.files(at: path) }
    files.sort { ($0.id, $0.path) < ($1.id, $1.path) }
    for (one, other) in zip(files, files.dropFirst()) where one.id == other.id {
      throw Failure("the id '\(one.id)' is used by two files: \(one.path) and \(other.path)")
    }
    self.files = files
  }

  private static func files(at path: String) throws(Failure) -> [File] {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure("there is no file or folder '\(path)'")
    }
    if !isFolder.boolValue { return [try file(at: path, isLoose: true)] }
    let names = (manager.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    var files: [File] = []
    for name in names where name.hasSuffix(".yaml") && name != "categories.yaml" {
      let base = path.hasSuffix("/") ? String(path.dropLast()) : path
      files.append(try file(at: "\(base)/\(name)", isLoose: false))
    }
    return files
  }

  private static func file(at path: String, isLoose: Bool) throws(Failure) -> File {
    let components = path.split(separator: "/").map(String.init)
    guard var id = components.last, id.hasSuffix(".yaml") else {
      throw Failure("'\(path)' is no spec; a spec's name ends in '.yaml'")
    }
    id = String(id.dropLast(".yaml".count))
    if id.hasSuffix(".provider") { id = String(id.dropLast(".provider".count)) }
    guard isID(id) else {
      throw Failure(
        "'\(path)': '\(id)' is no id; wanted lower-case letters and digits, in words joined by '-', "
          + "at most 64")
    }
    let folder = components.count > 1 ? components[components.count - 2] : ""
    if !isLoose, folder.utf8.count == 1, folder != String(id.prefix(1)) {
      throw Failure("'\(path)' belongs into the folder '\(id.prefix(1))'")
    }
    return File(id: id, path: path, url: URL(fileURLWithPath: path))
  }

  private static func isID(_ text: String) -> Bool {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    return text.utf8.count <= 64
      && words.allSatisfy { word in
        !word.isEmpty && word.utf8.allSatisfy { ($0.isLetter && $0.lowered == $0) || $0.isDigit }
      }
  }
}

extension SpecFolder.File {
  /// Reads and compiles the file.
  package func compiled() throws(SpecFolder.Failure) -> Compilation {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw SpecFolder.Failure("'\(path)' can't be read: \(error.localizedDescription)")
    }
    return compile(SourceText(name: path, bytes: Array(data)), id: id)
  }
}
