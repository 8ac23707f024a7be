package import KeywrightDefinition

/// The codes of what is wrong with a text.
package struct ReadFailure: Error, Hashable {
  /// In the order of the text.
  package let codes: [String]
}

/// Reads a text of the dialect as a tree in which all scalars are texts: for comparison with other parsers.
package func readTree(_ source: SourceText) -> Result<JSON, ReadFailure> {
  var bag = DiagnosticBag(source)
  scanBytes(of: source, into: &bag)
  guard bag.isEmpty, let node = readYAML(source, into: &bag) else {
    return .failure(ReadFailure(codes: bag.sorted.map(\.code)))
  }
  return .success(node.texts)
}

extension Node {
  fileprivate var texts: JSON {
    switch content {
    case .scalar(let text, _): .string(text)
    case .list(let elements): .array(elements.map(\.texts))
    case .map(let members): .object(members.map { JSON.Member($0.key, $0.value.texts) })
    }
  }
}
