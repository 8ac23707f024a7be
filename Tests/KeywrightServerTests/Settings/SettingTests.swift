import KeywrightServer
import Testing

@Suite("Table of settings")
struct SettingTests {
  @Test("flag, variable and key follow from the name")
  func names() throws {
    let setting = try #require(Setting.all.first { $0.name == "public-url" })
    #expect(setting.flag == "--public-url")
    #expect(setting.environmentVariable == "KEYWRIGHT_PUBLIC_URL")
    #expect(setting.fileKey == "public_url")
  }

  @Test("only the encryption key is secret, and has neither flag nor key")
  func secrets() {
    let secrets = Setting.all.filter(\.isSecret)
    #expect(secrets.map(\.name) == ["encryption-key"])
    #expect(secrets.allSatisfy { $0.flag == nil && $0.fileKey == nil })
  }

  @Test("the help has every name, default and sentence")
  func help() {
    let help = ServerSettings.helpText
    for setting in Setting.all {
      let texts = [
        setting.flag, setting.environmentVariable, setting.fileKey, setting.defaultText,
        setting.help,
      ]
      for text in texts.compactMap(\.self) { #expect(help.contains(text), "\(text)") }
    }
  }

  @Test("a line of the help is no longer than 100 columns, and has no space at its end")
  func widths() {
    for line in ServerSettings.helpText.split(separator: "\n") {
      #expect(line.count <= 100 && line.last != " ", "\(line)")
    }
  }

  @Test("every sentence of the help is one")
  func sentences() {
    for setting in Setting.all {
      #expect(setting.help.hasSuffix("."), "\(setting.name)")
      #expect(!setting.help.contains(". "), "\(setting.name)")
    }
  }
}
