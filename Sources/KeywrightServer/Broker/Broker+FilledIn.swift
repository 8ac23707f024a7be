internal import Keywright
internal import KeywrightDefinition

extension Broker {
  /// A failure as whoever asked is told it: what was filled in wrongly has one code on every route, and names its place.
  static func told(_ error: any Error, about wish: ExaminedWish) -> APIError {
    guard let failure = error as? AuthorizationError else { return told(error) }
    switch failure.code {
    case .invalidField, .unfitRequest:
      let named = failure.message.split(separator: "'", omittingEmptySubsequences: false)
        .dropFirst().first.map(String.init)
      if let field = wish.method.ask.first(where: { $0.name == named }) {
        return invalid(field.name, failure.message)
      }
      if let hint = wish.method.hints.first(where: { $0.name == named }) {
        return APIError(
          400, "invalid_authorization_params", failure.message,
          details: [
            .init(
              code: "invalid_field", message: failure.message,
              path: ["authorization_params", hint.name])
          ])
      }
      // A header takes no control character, and names itself instead of the field.
      let unfit = wish.fields.filter { $0.value.hasControlCharacter }.map(\.key)
      if failure.code == .unfitRequest, unfit.count == 1 {
        return invalid(unfit[0], failure.message)
      }
      return told(error)
    default: return told(error)
    }
  }

  /// The refusal of one field of those that a person fills in.
  static func invalid(_ field: String, _ message: String) -> APIError {
    APIError(
      400, "invalid_config", message,
      details: [.init(code: "invalid_field", message: message, path: ["params", field])])
  }
}

extension APIError {
  /// Whether whoever asked has filled something in wrongly.
  var isAboutFilledIn: Bool { ["invalid_config", "invalid_authorization_params"].contains(code) }
}
