internal import KeywrightDefinition

/// A field of a spec as the template `fields` shows it.
struct FieldView {
  let field: Field
  var value: String?
  /// What is wrong with what was filled in.
  var invalid: String?
  /// Whether a secret is stored, which is not shown again.
  var isKept = false
  /// What the form calls it begins with this.
  var prefix = ""
  /// Whether it is checked while it is typed.
  var isChecked = false
  /// Whether it has to be filled in now.
  var isRequired = true

  private var isOptional: Bool {
    field.isOptional || field.standard != nil || field.condition != nil
  }

  private var choices: [Shown] {
    let all =
      field.type == .boolean
      ? [("true", "Yes"), ("false", "No")] : field.choices.map { ($0.value, $0.title ?? $0.value) }
    return all.map { ["value": $0.0, "title": $0.1, "selected": $0.0 == value] }
  }

  var shown: Shown {
    let choices = field.isList ? [] : choices
    var placeholder = field.isSecret ? "" : field.example ?? ""
    if isKept { placeholder = "Stored; fill in to replace it" }
    return facts([
      "name": field.name, "title": field.title ?? Wording.word(field.name), "prefix": prefix,
      "optional": isOptional, "help": help, "where": field.link, "placeholder": placeholder,
      "type": field.isSecret ? "password" : "text",
      "value": field.isSecret ? "" : value ?? "",
      "isChoice": !choices.isEmpty, "choices": choices,
      "required": isRequired && !isOptional && !isKept,
      "checked": isChecked && !field.isSecret, "invalid": invalid,
    ])
  }

  private var help: String {
    let list = field.isList ? "Several, with commas between them." : nil
    return [field.help, list].compactMap { $0 }.joined(separator: " ")
  }
}
