import ArgumentParser
import KeywrightCompiler

/// `keywright generate`: specs into Swift.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generate the Swift providers and the catalogue.",
    discussion: """
      Without a spec it generates the catalogue of ./specs into ./Generated. With specs it generates one Swift \
      file for each. Only files that changed are written; generated files that no spec makes are removed.

      Exit codes: 0 up to date, 1 a spec is wrong, 3 --check found stale files.
      """)

  @Argument(help: "Specs of one's own, instead of the catalogue.")
  var files: [String] = []

  @Option(help: "The folder of the catalogue's specs; specs of one's own may extend these.")
  var specs = "specs"

  @Option(help: "The folder that is generated.")
  var out = "Generated"

  @Flag(help: "Change nothing; say what is not up to date.")
  var check = false

  func validate() throws {
    if !files.isEmpty, out == "Generated" {
      throw ValidationError(
        "with specs of your own, name a folder with --out")
    }
  }

  func run() throws {
    var chosen = Generation.Chosen()
    chosen.specs = files
    chosen.catalogue = specs
    let target: Generation.Target = files.isEmpty ? .catalogue(specs: specs) : .chosen(chosen)
    let ending = Generation(target, out: out, isCheck: check)
      .run(say: { print($0) }, complain: complain)
    throw ExitCode(ending.rawValue)
  }
}
