import Foundation

/// The terminal that somebody sits at.
enum Terminal {
  /// Whether questions can be asked.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// Asks for a line; nil where the input has ended. What is secret is not shown while it is typed.
  static func ask(_ question: String, isSecret: Bool) -> String? {
    guard isSecret else {
      FileHandle.standardError.write(Data(question.utf8))
      return readLine(strippingNewline: true)
    }
    var settings = termios()
    tcgetattr(STDIN_FILENO, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    // Before the question: what is pasted as soon as that is seen is neither shown nor thrown away.
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
      FileHandle.standardError.write(Data("\n".utf8))
    }
    FileHandle.standardError.write(Data(question.utf8))
    return readLine(strippingNewline: true)
  }

  /// Opens a URL in the person's browser, where there is a desktop; it is printed in any case.
  static func open(_ url: String) {
    let environment = ProcessInfo.processInfo.environment
    #if os(macOS)
      let program = "/usr/bin/open"
    #else
      let program = "/usr/bin/xdg-open"
      guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
    #endif
    guard FileManager.default.isExecutableFile(atPath: program) else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [url]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try? process.run()
  }
}
