// swift-tools-version: 6.1
import PackageDescription

/// Every target is compiled the same way: Swift 6, and imports that say what they let through.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The folders of `Generated/` that hold typed providers: a fixed list, since SwiftPM caches a manifest by its text.
let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init) + ["Digits"]

let providerModules: [Target] = letters.map { letter in
  .target(
    name: "Keywright\(letter)", dependencies: ["Keywright"], path: "Generated/\(letter)",
    swiftSettings: settings)
}

let package = Package(
  name: "keywright",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Keywright", targets: ["Keywright"]),
    .library(name: "KeywrightHTTPClient", targets: ["KeywrightHTTPClient"]),
    .library(name: "KeywrightTesting", targets: ["KeywrightTesting"]),
    .library(name: "KeywrightSimulator", targets: ["KeywrightSimulator"]),
    .executable(name: "keywright", targets: ["keywright"]),
    .executable(name: "keywright-generate", targets: ["keywright-generate"]),
    .plugin(name: "KeywrightPlugin", targets: ["KeywrightPlugin"]),
    .plugin(name: "KeywrightCommand", targets: ["KeywrightCommand"]),
  ] + letters.map { .library(name: "Keywright\($0)", targets: ["Keywright\($0)"]) },
  traits: [
    .trait(name: "HTTPClient", description: "The transport over AsyncHTTPClient."),
    .trait(name: "Server", description: "What runs a server: the examples' providers on loopback."),
    .trait(name: "CommandLine", description: "The program keywright, over ArgumentParser."),
    .default(enabledTraits: ["HTTPClient", "Server", "CommandLine"]),
  ],
  dependencies: [
    // The ecosystem's request and response, in the runtime's interface.
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    // The command line's flags, help and completion.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // The transport: TLS, connection pool, HTTP.
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    // The errors by which the transport tells "never sent" from "perhaps sent".
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // The server's store: SQLite.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // What the server tells its operator, and how it is started and ended.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    // HTTP servers.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    // The server's pages.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "CCatalogue"),
    // The server's pages, their style and scripts, and the frontend SDK.
    .target(name: "CWeb", exclude: ["assets", "pages", "sdk"]),
    .target(name: "CPublicSuffix", exclude: ["icann.txt", "private.txt", "update.py"]),

    .target(name: "KeywrightDefinition", swiftSettings: settings),
    .target(name: "KeywrightCrypto", dependencies: ["COpenSSL"], swiftSettings: settings),
    .target(
      name: "Keywright",
      dependencies: [
        "KeywrightDefinition", "KeywrightCrypto",
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      swiftSettings: settings),
    .target(
      name: "KeywrightHTTPClient",
      dependencies: [
        "Keywright", "KeywrightDefinition",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(
          name: "AsyncHTTPClient", package: "async-http-client",
          condition: .when(traits: ["HTTPClient"])),
        .product(
          name: "NIOCore", package: "swift-nio", condition: .when(traits: ["HTTPClient"])),
        .product(
          name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["HTTPClient"])),
        .product(
          name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["HTTPClient"])),
      ],
      swiftSettings: settings),
    // For the tests of consumers: canned answers, a clock that stands.
    .target(
      name: "KeywrightTesting",
      dependencies: ["Keywright", .product(name: "HTTPTypes", package: "swift-http-types")],
      swiftSettings: settings),
    // Plays a provider out of its definition.
    .target(
      name: "KeywrightSimulator",
      dependencies: [
        "Keywright", "KeywrightCrypto", "KeywrightDefinition",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"])),
      ],
      swiftSettings: settings),
    // Integrations, connections, the broker between them, and their HTTP interface.
    .target(
      name: "KeywrightServer",
      dependencies: [
        "Keywright", "KeywrightCrypto", "KeywrightDefinition", "KeywrightSimulator", "CWeb",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Mustache", package: "swift-mustache", condition: .when(traits: ["Server"])),
        .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["Server"])),
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(
          name: "CoreMetrics", package: "swift-metrics", condition: .when(traits: ["Server"])),
        .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Server"])),
        .product(
          name: "Configuration", package: "swift-configuration",
          condition: .when(traits: ["Server"])),
        .product(
          name: "UnixSignals", package: "swift-service-lifecycle",
          condition: .when(traits: ["Server"])),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle",
          condition: .when(traits: ["Server"])),
        .product(
          name: "HummingbirdCore", package: "hummingbird", condition: .when(traits: ["Server"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["Server"])),
        .product(
          name: "NIOWebSocket", package: "swift-nio", condition: .when(traits: ["Server"])),
      ],
      swiftSettings: settings),
    .target(
      name: "KeywrightCompiler",
      dependencies: ["KeywrightDefinition", "CLibYAML", "CPublicSuffix"],
      swiftSettings: settings),

    .executableTarget(
      name: "keywright",
      dependencies: [
        "Keywright", "KeywrightCompiler", "KeywrightDefinition", "KeywrightSimulator", "CCatalogue",
        .target(name: "KeywrightHTTPClient", condition: .when(traits: ["HTTPClient"])),
        .target(name: "KeywrightServer", condition: .when(traits: ["Server"])),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Server"])),
        .product(
          name: "ArgumentParser", package: "swift-argument-parser",
          condition: .when(traits: ["CommandLine"])),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "keywright-generate", dependencies: ["KeywrightCompiler"], swiftSettings: settings),

    .plugin(
      name: "KeywrightPlugin", capability: .buildTool(), dependencies: ["keywright-generate"]),
    .plugin(
      name: "KeywrightCommand",
      capability: .command(
        intent: .custom(verb: "keywright", description: "Check specs, and generate them."),
        permissions: [
          .writeToPackageDirectory(reason: "'generate' writes Swift files beside your sources.")
        ]),
      dependencies: ["keywright-generate"]),

    .executableTarget(
      name: "Tour",
      dependencies: ["Keywright", "KeywrightHTTPClient", "KeywrightSimulator", "KeywrightZ"],
      path: "Examples/Tour", swiftSettings: settings),

    .executableTarget(
      name: "WebApp",
      dependencies: [
        "Keywright", "KeywrightHTTPClient", "KeywrightG",
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"])),
      ],
      path: "Examples/WebApp", swiftSettings: settings),
    .executableTarget(
      name: "CommandLineTool", dependencies: ["Keywright", "KeywrightHTTPClient", "KeywrightG"],
      path: "Examples/CommandLineTool", swiftSettings: settings),

    .executableTarget(
      name: "RuntimeBench", dependencies: ["Keywright", "KeywrightTesting", "KeywrightZ"],
      path: "Tests/Bench/Runtime", swiftSettings: settings),

    // What the server's speed is measured beside: Hummingbird alone.
    .executableTarget(
      name: "BareServer",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Server"])),
      ],
      path: "Tests/Bench/BareServer", swiftSettings: settings),

    // The provider of the tests, generated from Tests/Fixtures/notebook.provider.yaml.
    .target(
      name: "NotebookProvider", dependencies: ["Keywright"], path: "Tests/Fixtures/Notebook",
      swiftSettings: settings),
    .executableTarget(
      name: "TwoHalves", dependencies: ["Keywright", "KeywrightHTTPClient", "NotebookProvider"],
      path: "Tests/Fixtures/TwoHalves", swiftSettings: settings),
    .testTarget(
      name: "KeywrightDefinitionTests",
      dependencies: ["KeywrightDefinition", "KeywrightCrypto"], exclude: ["Patterns", "Vectors"],
      swiftSettings: settings),
    .testTarget(
      name: "KeywrightCryptoTests", dependencies: ["KeywrightCrypto"], exclude: ["Vectors"],
      swiftSettings: settings),
    .testTarget(
      name: "KeywrightCompilerTests", dependencies: ["KeywrightCompiler", "KeywrightDefinition"],
      exclude: ["BadSpecs", "Examples"], swiftSettings: settings),
    .testTarget(
      name: "KeywrightServerTests",
      dependencies: [
        "KeywrightServer", "Keywright", "KeywrightCompiler", "KeywrightCrypto",
        "KeywrightDefinition", "KeywrightHTTPClient", "KeywrightSimulator", "CCatalogue",
        "keywright",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      exclude: ["TypeScript"], swiftSettings: settings),
    .testTarget(
      name: "KeywrightTests",
      dependencies: [
        "Keywright", "KeywrightCrypto", "KeywrightDefinition", "KeywrightCompiler",
        "KeywrightHTTPClient", "KeywrightSimulator", "KeywrightTesting", "KeywrightZ",
        "NotebookProvider", "TwoHalves",
        "Tour", "WebApp", "CommandLineTool", "keywright", "keywright-generate",
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      exclude: ["Misuse"], swiftSettings: settings),
  ] + providerModules,
  swiftLanguageModes: [.v6]
)

// A campaign builds, in release, those tests alone that it is in: Swift 6.3.1 crashes as it optimizes others.
if Context.environment["KEYWRIGHT_CAMPAIGN"] != nil {
  let campaigns = ["KeywrightDefinitionTests", "KeywrightCompilerTests"]
  package.targets.removeAll { $0.type == .test && !campaigns.contains($0.name) }
}
