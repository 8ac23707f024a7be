import Foundation
import PackagePlugin

/// `swift package keywright check` and `… generate`: what the build-tool plugin does, by hand and into the sources.
@main
struct KeywrightCommand: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) async throws {
  }
}
