import Foundation
import KeywrightCompiler

// The small tool behind build steps: it needs the compiler and nothing else.

func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

do throws(Arguments.Failure) {
  let arguments = try Arguments(CommandLine.arguments.dropFirst())
  if arguments.isHelp {
    print(Arguments.help)
    exit(0)
  }
  let ending = try arguments.generation()
    .run(say: { if !arguments.isQuiet { print($0) } }, complain: complain)
  exit(ending.rawValue)
} catch {
  complain("keywright-generate: error: \(error.text)\n\(Arguments.usage)\n--help says more")
  exit(2)
}
