internal import CWeb
internal import KeywrightCrypto
internal import KeywrightDefinition

/// The files of the pages, which the program carries in itself.
enum WebFiles {
  /// By their paths, such as `assets/style.css`.
  static let all: [String: [UInt8]] = {
    let files = UnsafeBufferPointer(
      start: keywright_web_files(), count: keywright_web_file_count())
    return Dictionary(
      uniqueKeysWithValues: files.map { file in
        (
          String(cString: file.path),
          Array(UnsafeBufferPointer(start: file.start, count: file.size))
        )
      })
  }()

  /// The texts of a folder by their paths in it.
  static func texts(in folder: String) -> [String: String] {
    var texts: [String: String] = [:]
    for (path, bytes) in all where path.hasPrefix(folder + "/") {
      texts[String(path.dropFirst(folder.count + 1))] = String(decoding: bytes, as: UTF8.self)
    }
    return texts
  }

  /// Changes with any byte of what browsers load, so that they may keep what they have for good.
  static let version: String = {
    let served = all.filter { !$0.key.hasPrefix("pages/") }.sorted { $0.key < $1.key }
    let whole = served.flatMap { Array($0.key.utf8) + $0.value }
    return String(Encoding.hex(digest(whole, .sha256)).prefix(16))
  }()
}
