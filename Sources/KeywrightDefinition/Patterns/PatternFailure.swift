/// Why a text is no pattern of this dialect.
package struct PatternFailure: Error, Hashable {
  /// What was found, then what is wanted or what to write instead.
  package let message: String

  /// The stable code of the diagnostic: `pattern-syntax`, `pattern-unsupported` (part of other
  /// dialects, not of this one) or `pattern-too-large`.
  package let code: String

  /// Where, in bytes of the pattern.
  package let range: Range<Int>
}
