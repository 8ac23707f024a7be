internal import KeywrightDefinition

extension AnswerDraft {
  /// Makes a condition hold, as far as it can be told how.
  mutating func make(_ condition: Expression) {
    if holds(condition), item == nil { return }
    switch condition.form {
    case .and(let one, let other):
      make(one)
      make(other)
    case .or(let one, let other):
      make(one)
      if !holds(condition) { make(other) }
    case .not(let one): put(.boolean(false), by: one)
    case .equals(let one, let other): equate(one, other)
    case .differs(let one, let other):
      let isNone = other.form == .none
      if value(of: one) == nil, isNone { put(.string("simulated"), by: one) }
    case .call(.any, let list, let conditions):
      guard let element = locate(list)?.adding(.index(0)) else { return }
      within(element) { draft in draft.make(conditions[0]) }
    default: put(.boolean(true), by: condition)
    }
  }

  private mutating func equate(_ one: Expression, _ other: Expression) {
    if case .name("status") = one.form, let wanted = other.value(in: knowledge)?.integer {
      status = Int(wanted)
      return
    }
    // What is known tells what the other side has to be; a digest over the callback is known once all else is.
    if let wanted = value(of: other)?.json, put(wanted, by: one) { return }
    if let wanted = value(of: one)?.json { put(wanted, by: other) }
  }
}
