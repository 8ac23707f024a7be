/// Names of header fields, which are the same in any case.
///
/// - Source: RFC 9110 §5.1; over HTTP/2 all of them come in lower case (RFC 9113 §8.2.1)
package enum FieldName {
  /// The name by which a field is found: in lower case, with `-` where a bare name of the language has `_`. No field that
  /// proxies let through has a `_` of its own.
  package static func canonical(_ name: String) -> String {
    guard name.holds({ $0 == UInt8(ascii: "_") || $0.lowered != $0 }) else { return name }
    let bytes = name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0.lowered }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Expression {
  /// Whether this is the answer's header.
  var isHeader: Bool { if case .name("header") = form { true } else { false } }
}
