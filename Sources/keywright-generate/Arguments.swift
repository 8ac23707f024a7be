import KeywrightCompiler

/// What the program was called with.
struct Arguments {
  /// What is wrong with a call.
  struct Failure: Error {
    let text: String
  }

  static let usage = """
    usage: keywright-generate --out DIR [--check] [--quiet] --specs DIR
           keywright-generate --out DIR [--check] [--quiet] [--by-id] WHAT
           keywright-generate --into FILE [--check] [--quiet] WHAT
           keywright-generate --no-output [--quiet] WHAT
           WHAT is [--catalogue DIR] [--providers FILE] [SPEC…]
    """

  static let help = """
    \(usage)

      --specs DIR       generate the catalogue: a module for each letter, and the catalogue as data
      SPEC…             generate specs of one's own: a Swift file for each, named after its type
      --providers FILE  generate the providers of the catalogue that FILE lists, an id a line, into
                        one file, CatalogueProviders.swift
      --catalogue DIR   the folder of the catalogue's specs: those that FILE lists, and those that a
                        SPEC extends and has not beside it
      --out DIR         the folder that the files lie in; generated files that no spec makes are removed
      --by-id           name each file after its spec: desk.provider.yaml becomes desk.provider.swift
      --into FILE       write everything into one file
      --no-output       check the specs and write nothing
      --check           change nothing; say what is not up to date
      --quiet           say nothing of what was written
      --help            say this

    exit codes: 0 up to date, 1 a spec is wrong or a file can't be read or written, 2 wrong usage,
                3 --check found stale files
    """

  var isHelp = false
  var isQuiet = false
  private var isCheck = false
  private var isByID = false
  private var isWithoutOutput = false
  private var folders: [String: String] = [:]
  private var files: [String] = []

  /// Reads the words after the program's name.
  init(_ words: some Sequence<String>) throws(Failure) {
    var words = Array(words)[...]
    while let word = words.popFirst() {
      switch word {
      case "--help", "-h": isHelp = true
      case "--quiet": isQuiet = true
      case "--check": isCheck = true
      case "--by-id": isByID = true
      case "--no-output": isWithoutOutput = true
      case "--specs", "--out", "--into", "--providers", "--catalogue":
        let what = word == "--into" || word == "--providers" ? "file" : "folder"
        guard let value = words.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
          throw Failure(text: "'\(word)' needs a \(what)")
        }
        guard folders.updateValue(value, forKey: word) == nil else {
          throw Failure(text: "'\(word)' is given twice")
        }
      case "--": files += words; words = []
      case _ where word.hasPrefix("-"): throw Failure(text: "unknown option '\(word)'")
      default: files.append(word)
      }
    }
  }

  /// The run that is asked for.
  func generation() throws(Failure) -> Generation {
    let wheres = [folders["--out"] != nil, folders["--into"] != nil, isWithoutOutput]
    guard wheres.count(where: { $0 }) == 1 else {
      throw Failure(text: "wanted one of '--out DIR', '--into FILE' and '--no-output'")
    }
    if isWithoutOutput, isCheck || isByID {
      throw Failure(text: "'--no-output' takes neither '--check' nor '--by-id'")
    }
    let target = try target()
    guard let into = folders["--into"] else {
      return Generation(target, out: folders["--out"], isCheck: isCheck)
    }
    let cut = into.lastIndex(of: "/")
    let folder = cut.map { $0 == into.startIndex ? "/" : String(into[..<$0]) } ?? "."
    return Generation(target, out: folder, isCheck: isCheck)
  }

  private func target() throws(Failure) -> Generation.Target {
    var chosen = Generation.Chosen()
    chosen.specs = files
    chosen.list = folders["--providers"]
    chosen.catalogue = folders["--catalogue"]
    if isByID { chosen.layout = .ids }
    if let specs = folders["--specs"] {
      let isElse = !files.isEmpty || chosen.list != nil || chosen.catalogue != nil || isByID
      if isElse || folders["--into"] != nil {
        throw Failure(text: "'--specs' makes the whole catalogue, and goes with '--out' alone")
      }
      return .catalogue(specs: specs)
    }
    if files.isEmpty, chosen.list == nil {
      throw Failure(text: "wanted specs, '--providers FILE' or '--specs DIR'")
    }
    if chosen.list != nil, chosen.catalogue == nil {
      throw Failure(text: "'--providers' needs '--catalogue DIR' to find them in")
    }
    if let into = folders["--into"] {
      let name = into.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
      guard let name, name.hasSuffix(".swift"), !isByID else {
        throw Failure(text: "'--into' needs a file that ends in '.swift', and no '--by-id'")
      }
      chosen.layout = .single(name)
    }
    return .chosen(chosen)
  }
}
