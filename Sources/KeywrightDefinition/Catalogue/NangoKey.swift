extension Catalogue.Entry {
  /// A key by which Nango's users know one of the provider's methods.
  ///
  /// No flow reads it: it is for those who bring names along from there.
  package struct NangoKey: Sendable, Hashable {
    /// As they write it.
    package let key: String

    /// The method that it stands for.
    package let method: String

    /// Fields of the method that the key fills, with their values.
    package let set: [String: String]

    /// Their names of fields, each with the spec's.
    package let fields: [String: String]

    /// Joins a key to a method.
    package init(key: String, method: String, set: [String: String], fields: [String: String]) {
      self.key = key
      self.method = method
      self.set = set
      self.fields = fields
    }

    /// Reads what the catalogue says of a key.
    init(_ key: String, _ json: JSON) {
      self.init(
        key: key, method: json["method"]?.text ?? "", set: json["set"]?.texts ?? [:],
        fields: json["fields"]?.texts ?? [:])
    }

    /// What the catalogue says of it.
    var json: JSON {
      var members: [JSON.Member] = [.init("method", .string(method))]
      if !set.isEmpty { members.append(.init("set", .texts(set))) }
      if !fields.isEmpty { members.append(.init("fields", .texts(fields))) }
      return .object(members)
    }
  }
}
