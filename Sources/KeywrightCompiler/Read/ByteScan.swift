import KeywrightDefinition

/// Looks at the bytes before libyaml does, and refuses what editors and libyaml see differently.
///
/// libyaml counts NEL, U+2028 and U+2029 as line ends and editors do not; bidirectional controls show a text
/// that is not the one that is read.
func scanBytes(of source: SourceText, into bag: inout DiagnosticBag) {
  let limit = 1_024 * 1_024
  if source.bytes.count > limit {
    bag.add(
      "a spec of more than 1 MiB; one file describes one provider", code: "file-too-large",
      at: Place(0, 1, in: source.file))
    return
  }
  if source.isPlain { return }
  guard String(validating: source.bytes, as: UTF8.self) != nil else {
    bag.add(
      "bytes that are no UTF-8; save the file as UTF-8", code: "invalid-utf8",
      at: firstInvalidByte(of: source))
    return
  }
  scanScalars(of: source, into: &bag)
  scanIndentation(of: source, into: &bag)
}

private func firstInvalidByte(of source: SourceText) -> Place {
  var decoder = UTF8()
  var iterator = source.bytes.makeIterator()
  var offset = 0
  while case .scalarValue(let scalar) = decoder.decode(&iterator) {
    offset += UTF8.width(scalar)
  }
  return Place(offset, offset + 1, in: source.file)
}

/// Looks at each byte once; only what is not ASCII is decoded.
private func scanScalars(of source: SourceText, into bag: inout DiagnosticBag) {
  let bytes = source.bytes
  var offset = 0
  while offset < bytes.count {
    let byte = bytes[offset]
    if byte >= 0x20, byte < 0x7F || byte == UInt8(ascii: "\n") {
      offset += 1
      continue
    }
    var rest = bytes[offset...].prefix(4).makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return }
    let isBeforeLineEnd = offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n")
    let place = Place(offset, offset + UTF8.width(scalar), in: source.file)
    offset = place.end
    let known = bag.diagnostics.count
    refuse(scalar, isBeforeLineEnd: isBeforeLineEnd, at: place, into: &bag)
    // Line ends of another system, or UTF-16: one cause, however often it shows.
    let isOneOfMany = scalar.value == 0x0D || scalar.value == 0
    if isOneOfMany, bag.diagnostics.count > known { return }
  }
}

private func refuse(
  _ scalar: Unicode.Scalar, isBeforeLineEnd: Bool, at place: Place, into bag: inout DiagnosticBag
) {
  var name: String { "U+" + String(scalar.value, radix: 16, uppercase: true).padded(to: 4) }
  switch scalar.value {
  case 0x09, 0x0A: break
  case 0x0D:
    if !isBeforeLineEnd {
      bag.add(
        "a carriage return that ends no line; end lines with a line feed",
        code: "bare-carriage-return", at: place)
    }
  case 0..<0x20, 0x7F...0x9F:
    bag.add("the control character \(name); remove it", code: "control-character", at: place)
  case 0x2028, 0x2029:
    bag.add(
      "the line separator \(name), which editors do not show; remove it",
      code: "line-separator", at: place)
  case _ where scalar.isInvisible:
    bag.add(
      "the invisible character \(name), which can hide what a text says; remove it",
      code: "invisible-character", at: place)
  default: break
  }
}

private func scanIndentation(of source: SourceText, into bag: inout DiagnosticBag) {
  guard source.bytes.contains(UInt8(ascii: "\t")) else { return }
  var isIndentation = true
  for (offset, byte) in source.bytes.enumerated() {
    switch byte {
    case UInt8(ascii: "\n"): isIndentation = true
    case UInt8(ascii: " "): break
    case UInt8(ascii: "\t") where isIndentation:
      bag.add(
        "a tab in the indentation; indent with spaces", code: "tab-indentation",
        at: Place(offset, offset + 1, in: source.file))
      isIndentation = false
    default: isIndentation = false
    }
  }
}

extension Unicode.Scalar {
  /// Whether nobody sees it, though it can change how the text around it is read: zero widths, directions, tags.
  var isInvisible: Bool {
    switch value {
    case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
    default: false
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    String(repeating: "0", count: max(0, width - utf8.count)) + self
  }
}
