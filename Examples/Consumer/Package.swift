// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Consumer",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Elsewhere this is `.package(url: …, from: …, traits: [])`. Without traits neither the transport nor the
    // server is fetched.
    .package(name: "keywright", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [.product(name: "Keywright", package: "keywright")],
      plugins: [.plugin(name: "KeywrightPlugin", package: "keywright")])
  ],
  swiftLanguageModes: [.v6]
)
