import Foundation
import KeywrightCompiler

// The small tool behind build steps: it needs the compiler and nothing else.

let usage = """
  usage: keywright-generate --out DIR [--check] [--quiet] (--specs DIR | SPEC…)

    --specs DIR  generate the catalogue: a module for each letter, and the catalogue as data
    SPEC…        generate one Swift file for each spec
    --out DIR    the folder that the files lie in; generated files that no spec makes are removed
    --check      change nothing; say what is not up to date
    --quiet      say nothing of what was written

  exit codes: 0 up to date, 1 a spec is wrong, 2 wrong usage, 3 --check found stale files
  """

func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

func fail(_ text: String) -> Never {
  complain("keywright-generate: \(text)\n\(usage)")
  exit(2)
}

var arguments = CommandLine.arguments.dropFirst()
var specs: String?
var out: String?
var files: [String] = []
var isCheck = false
var isQuiet = false

while let argument = arguments.popFirst() {
  switch argument {
  case "--check": isCheck = true
  case "--quiet": isQuiet = true
  case "--specs", "--out":
    guard let value = arguments.popFirst() else { fail("'\(argument)' needs a folder") }
    if argument == "--specs" { specs = value } else { out = value }
  case "--help", "-h":
    print(usage)
    exit(0)
  case _ where argument.hasPrefix("-"): fail("unknown option '\(argument)'")
  default: files.append(argument)
  }
}
guard let out else { fail("'--out' is missing") }
guard (specs == nil) != files.isEmpty else { fail("wanted either '--specs DIR' or specs") }

let target = specs.map { Generation.Target.catalogue(specs: $0) } ?? .files(files)
let ending = Generation(target, out: out, isCheck: isCheck)
  .run(say: { if !isQuiet { print($0) } }, complain: complain)
exit(ending.rawValue)
