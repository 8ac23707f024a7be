/// The page of all error codes, `docs/errors.md`, out of the codes themselves.
package enum ErrorReference {
  /// The page's text.
  package static var markdown: String {
    var text = """
      # Errors

      Everything that goes wrong in a flow, a renewal or a signed request is an `AuthorizationError`: a stable `code`, \
      what happened, the `stage` (`authorize`, `exchange`, `renew`, `revoke`, `verify`, `account`) and the `step` of \
      the spec, the provider's own code, words and status, and what to do next. New codes may come, so a `switch` over \
      them needs a `default`.

      `outcome` says what a failed request may have done: `never_sent`, `rejected` (all is as it was) or `ambiguous` \
      (nobody knows; a refresh token that works once may be gone). `isTransient` says whether the same request may \
      succeed later, and `retryAfter` how long the provider asks to be left alone.

      Before that, a value that does not fit its type, such as `HostLabel("evil.com/#")`, is a `FieldFailure`: its \
      `reason` says what is wanted, and may be shown to the person who typed it.

      No error holds a secret, a token, a code or a URL's query.

      <!-- This page is generated: change Sources/Keywright/Errors and run `make generate`. -->

      """
    for (group, codes) in AuthorizationError.Code.all {
      text += "\n## \(group)\n\n| code | what happened | what to do next |\n|---|---|---|\n"
      for code in codes {
        text += "| `\(code.text)` | \(code.meaning) | \(code.nextStep) |\n"
      }
    }
    return text
  }
}
