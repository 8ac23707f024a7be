import Foundation
import KeywrightDefinition

/// A folder of specs: `<first letter or digit>/<id>.yaml`, or `<id>.yaml` and `<id>.provider.yaml` lying flat.
package struct SpecFolder: Sendable {
  /// One file, with the id that its name gives.
  package struct File: Sendable, Hashable {
    /// The id that the file is named after.
    package let id: String

    /// As diagnostics print it.
    package let path: String
    /// The folder that the specs it may extend lie in.
    package let root: String

    /// The last part of its path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
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

  /// The folder of the catalogue's specs, where what a spec extends is looked for that its own folder does not hold;
  /// nil where there is none.
  package let catalogue: String?

  /// Finds the specs under some paths: a file is one, of a folder all that lie in it.
  package init(_ paths: [String], catalogue: String? = nil) throws(Failure) {
    self.catalogue = catalogue
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
    if !isFolder.boolValue { return [try file(at: path, in: root(of: path))] }
    let base = path.hasSuffix("/") ? String(path.dropLast()) : path
    var files: [File] = []
    for name in specNames(in: base) {
      let folder = name.utf8.split(separator: UInt8(ascii: "/")).dropLast().last
      files.append(
        try file(
          at: "\(base)/\(name)", in: base, under: folder.map { String(decoding: $0, as: UTF8.self) }
        ))
    }
    return files
  }

  /// The specs of a folder and of those in it, as paths below it. Only what may be a folder is opened.
  private static func specNames(in folder: String, below prefix: String = "") -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.sorted().flatMap { entry -> [String] in
      if entry.hasSuffix(".yaml") { return entry == "categories.yaml" ? [] : [prefix + entry] }
      if entry.utf8.contains(UInt8(ascii: ".")) { return [] }
      return specNames(in: "\(folder)/\(entry)", below: "\(prefix)\(entry)/")
    }
  }

  /// The folder of specs that a file lies in: above its letter, where it lies under one.
  private static func root(of path: String) -> String {
    let components = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let isLetter = components.last.map { $0.utf8.count == 1 && $0 != "." } ?? false
    let root = (isLetter ? components.dropLast() : components).joined(separator: "/")
    return root.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : root
  }

  /// - Parameter folder: the one below the root that it lies in, which may be named after a letter.
  private static func file(
    at path: String, in root: String, under folder: String? = nil
  ) throws(Failure) -> File {
    let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:))
    var id = String(path[(start ?? path.startIndex)...])
    guard id.hasSuffix(".yaml") else {
      throw Failure("'\(path)' is no spec; a spec's name ends in '.yaml'")
    }
    id = String(id.dropLast(".yaml".count))
    if id.hasSuffix(".provider") { id = String(id.dropLast(".provider".count)) }
    guard isID(id) else {
      throw Failure(
        "'\(path)': '\(id)' is no id; wanted lower-case letters and digits, in words joined by '-', "
          + "at most 64")
    }
    if let folder, folder.utf8.count == 1, folder != String(id.prefix(1)) {
      throw Failure("'\(path)' belongs into the folder '\(id.prefix(1))'")
    }
    return File(id: id, path: path, root: root)
  }

  /// Whether a text can be a spec's id.
  package static func isID(_ text: String) -> Bool {
    let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return text.utf8.count <= 64
      && words.allSatisfy { word in
        !word.isEmpty && word.allSatisfy { ($0.isLetter && $0.lowered == $0) || $0.isDigit }
      }
  }
}

extension SpecFolder.File {
  /// Reads and compiles the file.
  package func compiled() throws(SpecFolder.Failure) -> Compilation {
    try compiled(in: CompilerContext(root: root))
  }

  /// Reads and compiles the file.
  package func compiled(in context: CompilerContext) throws(SpecFolder.Failure) -> Compilation {
    compile(try source(), id: id, in: context)
  }

  private func source() throws(SpecFolder.Failure) -> SourceText {
    guard let bytes = readFile(path) else {
      throw SpecFolder.Failure("'\(path)' can't be read")
    }
    return SourceText(name: path, bytes: bytes)
  }
}

extension SpecFolder {
  /// Compiles all files, on all cores; the results are in the order of the files.
  package func compiled() throws(Failure) -> [Compilation] {
    try compiled { compilation, _ in compilation }
  }

  /// Compiles all files, and makes of each what is wanted of it, on all cores.
  package func compiled<Wanted: Sendable>(
    _ transform: @Sendable (Compilation, File) -> Wanted
  ) throws(Failure) -> [Wanted] {
    var contexts: [String: CompilerContext] = [:]
    for file in files where contexts[file.root] == nil {
      contexts[file.root] = CompilerContext(root: file.root, catalogue: catalogue)
    }
    let (files, known) = (files, contexts)
    let results = onAllCores(files.count) { index in
      let context = known[files[index].root] ?? CompilerContext()
      return Result { () throws(Failure) in
        transform(try files[index].compiled(in: context), files[index])
      }
    }
    var all: [Wanted] = []
    for result in results { all.append(try result.get()) }
    return all
  }
}

extension CompilerContext {
  /// What the folder of specs says beside the specs: `categories.yaml`, `own-suffixes.txt`.
  /// - Parameter catalogue: the folder where specs are looked for that `root` does not hold.
  package init(root: String, catalogue: String? = nil) {
    self.init()
    load = { id in
      guard SpecFolder.isID(id) else { return nil }
      return Self.spec(id, in: root) ?? catalogue.flatMap { Self.spec(id, in: $0) }
    }
    if let bytes = readFile("\(root)/own-suffixes.txt") {
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let words = line.split(separator: UInt8(ascii: " ")).map {
          String(decoding: $0, as: UTF8.self)
        }
        if let id = words.first, !id.hasPrefix("#") { ownSuffixes[id, default: []] += words[1...] }
      }
    }
    if let bytes = readFile("\(root)/categories.yaml") {
      categories = Self.names(of: SourceText(name: "categories.yaml", bytes: bytes))
    }
  }

  private static func spec(_ id: String, in root: String) -> SourceText? {
    for name in ["\(id.prefix(1))/\(id).yaml", "\(id).yaml", "\(id).provider.yaml"] {
      let path = root == "." ? name : "\(root)/\(name)"
      if let bytes = readFile(path) { return SourceText(name: path, bytes: bytes) }
    }
    return nil
  }

  private static func names(of source: SourceText) -> Set<String>? {
    var bag = DiagnosticBag(source)
    return readYAML(source, into: &bag).map { Set($0.members.map(\.key)) }
  }
}

/// A file's bytes; nil where it can't be read.
func readFile(_ path: String) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return nil }
  var bytes: [UInt8] = []
  var isRead = true
  while true {
    // One byte more than it holds, so that a file that grows or lies about its size is read to its end too.
    let size = max(4_096, Int(status.st_size) + 1)
    let chunk = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let found = read(file, buffer.baseAddress, size)
      isRead = found >= 0
      count = max(0, found)
    }
    if chunk.isEmpty { return isRead ? bytes : nil }
    bytes = bytes.isEmpty ? chunk : bytes + chunk
    // A file that gave all that it has, with room for more, is at its end.
    if status.st_mode & S_IFMT == S_IFREG, bytes.count == Int(status.st_size) { return bytes }
  }
}
