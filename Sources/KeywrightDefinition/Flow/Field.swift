/// A declared value: filled in (`setup`, `ask`), brought back (`take`) or kept (`save`).
package struct Field: Sendable, Hashable {
  package let name: String
  package let type: FieldType
  package let title: String?
  package let help: String?
  package let example: String?

  /// Where a person finds it.
  package let link: String?

  /// What the entry means, shown while it is typed: a template over the field itself.
  package let shownAs: Template?

  /// Where a saved value comes from; nil for the others.
  package let from: Template?

  private let isMarkedSecret: Bool

  /// Whether it is never shown.
  package var isSecret: Bool { isMarkedSecret || type.isSecret }

  package init(
    name: String, type: FieldType, title: String? = nil, help: String? = nil,
    example: String? = nil, link: String? = nil, shownAs: Template? = nil, from: Template? = nil,
    isSecret: Bool = false
  ) {
    self.name = name
    self.type = type
    self.title = title
    self.help = help
    self.example = example
    self.link = link
    self.shownAs = shownAs
    self.from = from
    isMarkedSecret = isSecret && !type.isSecret
  }
}
