import KeywrightDefinition

extension MethodChecker {
  /// Whether one member of an `else` chain is present for each value of the choice that the chain depends on.
  func isCovered(_ members: [Expression], _ place: Standpoint) -> Bool {
    for choice in members.compactMap({ choiceName(of: $0, place) }) {
      guard let field = place.filled[choice]?.field, !field.mayBeAbsent else { continue }
      let isCovered = field.choices.allSatisfy { value in
        members.contains { isPresent($0, when: choice, is: value, place) }
      }
      if isCovered { return true }
    }
    return false
  }

  /// The choice that decides whether a member is present.
  private func choiceName(of member: Expression, _ place: Standpoint) -> String? {
    switch member.form {
    case .member(let base, _):
      guard case .name(let name) = base.form else { return nil }
      return place.filled[name]?.field?.type == .choice ? name : nil
    case .name(let name): return place.filled[name]?.condition?.comparedChoices.first?.name
    default: return nil
    }
  }

  private func isPresent(
    _ member: Expression, when choice: String, is value: Field.Choice, _ place: Standpoint
  ) -> Bool {
    switch member.form {
    case .text, .integer, .boolean: return true
    case .member(let base, .name(let attribute)):
      return base.form == .name(choice) && value.attribute(attribute) != nil
    case .name(let name):
      guard let known = place.filled[name] else { return false }
      if !known.mayBeAbsent { return true }
      guard known.field?.isOptional != true, let condition = known.condition else { return false }
      return condition.comparedChoices.contains { $0.name == choice && $0.value == value.value }
    default: return false
    }
  }
}

extension Expression {
  /// The comparisons of a disjunction of `choice == "value"`; none for any other condition.
  fileprivate var comparedChoices: [(name: String, value: String)] {
    switch form {
    case .or(let one, let other):
      let (left, right) = (one.comparedChoices, other.comparedChoices)
      return left.isEmpty || right.isEmpty ? [] : left + right
    case .equals(let one, let other):
      guard case .name(let name) = one.form, case .text(let value) = other.form else { return [] }
      return [(name, value)]
    default: return []
    }
  }
}
