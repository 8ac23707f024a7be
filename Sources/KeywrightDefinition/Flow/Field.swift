/// A declared value: filled in (`setup`, `ask`), brought back (`take`) or kept (`save`).
package struct Field: Sendable, Hashable {
  /// The value's name in templates.
  package let name: String
  /// What it is read into.
  package let type: FieldType
  /// What a form calls it.
  package let title: String?
  /// One sentence on where to find it.
  package let help: String?
  /// A value that fits.
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

  /// Declares a value.
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
