import Foundation
import KeywrightServer
import Testing

/// The settings by some flags, some variables (named without `KEYWRIGHT_`) and the text of a file.
func settings(
  flags: [String: [String]] = [:], _ variables: [String: String] = [:], file: String? = nil
) async throws -> ServerSettings {
  var environment = ["PATH": "/bin", "PORT": "1"]
  for (name, value) in variables { environment["KEYWRIGHT_" + name] = value }
  guard let file else {
    return try await ServerSettings(flags: flags, environment: environment)
  }
  let path = NSTemporaryDirectory() + "settings-\(UUID().uuidString).json"
  try Data(file.utf8).write(to: URL(fileURLWithPath: path))
  defer { try? FileManager.default.removeItem(atPath: path) }
  var flags = flags
  flags["config"] = [path]
  do {
    return try await ServerSettings(flags: flags, environment: environment)
  } catch {
    // The path differs from run to run.
    throw Failure(error: error, path: path)
  }
}

/// An error whose sentence names the file `FILE`.
struct Failure: Error {
  let error: SettingsError
  let path: String

  var description: String { error.description.replacingOccurrences(of: path, with: "FILE") }
}

/// The sentence of the error that the settings throw; nil where they throw none.
func mistake(
  flags: [String: [String]] = [:], _ variables: [String: String] = [:], file: String? = nil
) async throws -> String? {
  do {
    _ = try await settings(flags: flags, variables, file: file)
    return nil
  } catch let error as SettingsError {
    return error.description
  } catch let failure as Failure {
    return failure.description
  }
}
