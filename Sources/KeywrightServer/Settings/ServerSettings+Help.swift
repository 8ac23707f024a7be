extension ServerSettings {
  /// A table of every setting: flag, variable and key of the file, and below them what it does and its
  /// default.
  ///
  /// No line of the table is longer than 80 columns: that is where ArgumentParser breaks lines.
  package static var helpText: String {
    let rows = Setting.all.map { setting in
      [
        setting.flag ?? "-", setting.environmentVariable, setting.fileKey ?? "-",
      ]
    }
    let header = ["Flag", "Variable", "Key in the file"]
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].utf8.count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.utf8.count)
      }
      let line = padded.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }
    func standard(_ setting: Setting) -> String {
      setting.defaultText.map { " Default \($0)." } ?? ""
    }
    let entries = zip(rows, Setting.all).map { line($0) + "    \($1.help)\(standard($1))\n" }
    return line(header) + entries.joined()
      + """

      A flag wins over its variable, that over the JSON file, and that over the default.
      A variable parts several specs with ':' and several origins with ','; a file has an array.

      """
  }
}
