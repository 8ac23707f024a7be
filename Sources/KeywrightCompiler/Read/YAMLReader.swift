import CLibYAML
import KeywrightDefinition

/// Reads the YAML dialect of specs out of libyaml's events.
///
/// Anchors, aliases, tags, merge keys, directives, complex keys and second documents are refused where they
/// stand, before anything is built of them.
/// - Returns: nil where something is wrong; then the bag says what.
func readYAML(_ source: SourceText, into bag: inout DiagnosticBag) -> Node? {
  var parser = yaml_parser_t()
  guard yaml_parser_initialize(&parser) == 1 else {
    bag.add("no memory to read the file", code: "yaml-syntax", at: Place(0, 0, in: source.file))
    return nil
  }
  defer { yaml_parser_delete(&parser) }
  return source.bytes.withUnsafeBufferPointer { bytes in
    // libyaml keeps the pointer, so everything is read inside this closure.
    yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    return withUnsafeMutablePointer(to: &parser) { parser in
      var reader = YAMLReader(parser: parser, source: source)
      let node = reader.document()
      for problem in reader.problems {
        bag.add(problem.message, code: problem.code, at: problem.place, notes: problem.notes)
      }
      return reader.problems.isEmpty ? node : nil
    }
  }
}

/// One event, copied out of libyaml's memory.
private enum Event {
  case scalar(String, Node.Style, isMarked: Bool)
  case listStart(isMarked: Bool), listEnd
  case mapStart(isMarked: Bool), mapEnd
  case alias, documentStart(hasDirective: Bool), documentEnd, streamStart, streamEnd
}

private struct YAMLReader {
  struct Problem {
    let message: String
    let code: String
    let place: Place
    var notes: [(Place, String)] = []
  }

  /// The deepest nesting that is read.
  static let maximumDepth = 32

  let parser: UnsafeMutablePointer<yaml_parser_t>
  let source: SourceText
  var problems: [Problem] = []
  private var isBroken = false
  /// How many braces and brackets are open.
  private var flowDepth = 0

  /// Bytes before each scalar of the text; empty where all is ASCII and the two counts agree.
  private let offsets: [Int]

  init(parser: UnsafeMutablePointer<yaml_parser_t>, source: SourceText) {
    self.parser = parser
    self.source = source
    if source.isPlain || source.bytes.allSatisfy({ $0 < 0x80 }) {
      offsets = []
    } else {
      offsets =
        source.bytes.indices.filter { source.bytes[$0] & 0xC0 != 0x80 } + [source.bytes.count]
    }
  }

  private func offset(_ mark: yaml_mark_t) -> Int {
    if offsets.isEmpty { return min(Int(mark.index), source.bytes.count) }
    return offsets[min(Int(mark.index), offsets.count - 1)]
  }

  private mutating func refuse(
    _ message: String, code: String, at place: Place, notes: [(Place, String)] = []
  ) {
    problems.append(Problem(message: message, code: code, place: place, notes: notes))
  }

  // MARK: Events

  private mutating func next() -> (event: Event, place: Place)? {
    if isBroken { return nil }
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      isBroken = true
      reportSyntax()
      return nil
    }
    defer { yaml_event_delete(&event) }
    let place = Place(offset(event.start_mark), offset(event.end_mark), in: source.file)
    return (copy(event), place)
  }

  private func copy(_ event: yaml_event_t) -> Event {
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return .scalar(
        text, style(scalar.style), isMarked: scalar.anchor != nil || scalar.tag != nil)
    case YAML_SEQUENCE_START_EVENT:
      let list = event.data.sequence_start
      return .listStart(isMarked: list.anchor != nil || list.tag != nil)
    case YAML_SEQUENCE_END_EVENT: return .listEnd
    case YAML_MAPPING_START_EVENT:
      let map = event.data.mapping_start
      return .mapStart(isMarked: map.anchor != nil || map.tag != nil)
    case YAML_MAPPING_END_EVENT: return .mapEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_DOCUMENT_START_EVENT:
      let start = event.data.document_start
      return .documentStart(
        hasDirective: start.version_directive != nil
          || start.tag_directives.start != start.tag_directives.end)
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_END_EVENT: return .streamEnd
    default: return .streamStart
    }
  }

  private func style(_ style: yaml_scalar_style_t) -> Node.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
    default: .plain
    }
  }

  /// Says what libyaml could not read; where a template was cut apart, says that instead.
  private mutating func reportSyntax() {
    let mark = parser.pointee.problem_mark
    let at = offset(mark)
    let line = source.start(ofLine: Int(mark.line))
    let before = source.bytes[line..<max(line, at)]
    let open = before.lastIndex { $0 == UInt8(ascii: "<") }
    if let open, open > line, source.bytes[open - 1] == UInt8(ascii: "$"),
      !before[open...].contains(UInt8(ascii: ">"))
    {
      refuseCut(at: Place(open - 1, at, in: source.file))
      return
    }
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "no YAML"
    if source.bytes[line...].first == UInt8(ascii: "%") || problem.contains("incompatible YAML") {
      refuse(
        "a directive; a spec has none", code: "yaml-directive",
        at: Place(line, at + 1, in: source.file))
      return
    }
    let failure = YAMLFailure(
      problem: problem, at: problemOffset(at), context: offset(parser.pointee.context_mark),
      hasContext: parser.pointee.context != nil, in: source)
    refuse(failure.message, code: failure.code, at: failure.place)
  }

  /// Where libyaml stopped; its first stage, which reads characters, knows a byte and no mark.
  private func problemOffset(_ mark: Int) -> Int {
    parser.pointee.error == YAML_READER_ERROR
      ? min(Int(parser.pointee.problem_offset), source.bytes.count) : mark
  }

  private mutating func refuseCut(at place: Place) {
    let text = source.bytes[place.start..<min(place.end + 1, source.bytes.count)]
    let hasBracket = text.contains(UInt8(ascii: "["))
    refuse(
      "YAML ends this text inside '$<…>'; "
        + (hasBracket
          ? "an element is written '.0' and not '[0]'" : "put the whole text into single quotes"),
      code: "quote-template", at: place)
  }

  // MARK: Nodes

  mutating func document() -> Node? {
    while let (event, place) = next() {
      switch event {
      case .streamStart: continue
      case .documentStart(let hasDirective):
        if hasDirective {
          refuse("a directive; a spec has none", code: "yaml-directive", at: place)
          return nil
        }
        guard let (first, place) = next(), let root = node(first, place, depth: 0) else {
          return nil
        }
        refuseMoreDocuments()
        if case .scalar("", .plain) = root.content { return refuseEmpty() }
        return root
      default: return refuseEmpty()
      }
    }
    return nil
  }

  private mutating func refuseEmpty() -> Node? {
    refuse(
      "an empty file; a spec begins with 'name:'", code: "empty-file",
      at: Place(0, 0, in: source.file))
    return nil
  }

  private mutating func refuseMoreDocuments() {
    while let (event, place) = next() {
      switch event {
      case .documentEnd: continue
      case .streamEnd: return
      default:
        refuse(
          "a second document; one file describes one provider", code: "second-document",
          at: place)
        return
      }
    }
  }

  private mutating func node(_ event: Event, _ place: Place, depth: Int) -> Node? {
    if depth > Self.maximumDepth {
      refuse("nesting deeper than \(Self.maximumDepth)", code: "too-deep", at: place)
      isBroken = true
      return nil
    }
    switch event {
    case .scalar(_, _, isMarked: true), .listStart(isMarked: true), .mapStart(isMarked: true):
      refuse(
        "an anchor or a tag; write a value out where it is used, and leave a tag out: the place decides the type",
        code: "yaml-anchor", at: place)
      isBroken = true
      return nil
    case .alias:
      refuse("an alias; write the value out where it is used", code: "yaml-alias", at: place)
      return nil
    case .scalar(let text, let style, _):
      if flowDepth > 0, style == .plain, text.holds(UInt8(ascii: "?")) {
        refuse(
          "a '?' in a text within braces or brackets, which other readers of YAML refuse; put the "
            + "text into quotes", code: "quote-text", at: place)
      }
      return Node(.scalar(style == .block ? text.withoutFinalLineEnd : text, style), at: place)
    case .listStart, .mapStart:
      let isFlow = place.start < source.bytes.count && "[{".utf8.contains(source.bytes[place.start])
      if isFlow { flowDepth += 1 }
      defer { if isFlow { flowDepth -= 1 } }
      if case .listStart = event { return list(from: place, depth: depth) }
      return map(from: place, depth: depth)
    default: return nil
    }
  }

  private mutating func list(from start: Place, depth: Int) -> Node? {
    var elements: [Node] = []
    while let (event, place) = next() {
      if case .listEnd = event {
        return Node(.list(elements), at: Place(start.start, place.end, in: source.file))
      }
      if case .scalar("", .plain, isMarked: false) = event {
        refuse(
          "an element with nothing in it; \"\" is the empty text", code: "empty-value", at: place)
      }
      if let element = node(event, place, depth: depth + 1) { elements.append(element) }
    }
    return nil
  }

  private mutating func map(from start: Place, depth: Int) -> Node? {
    var members: [Node.Member] = []
    members.reserveCapacity(6)
    var known = KnownKeys()
    while let (event, place) = next() {
      if case .mapEnd = event {
        return Node(.map(members), at: Place(start.start, place.end, in: source.file))
      }
      if case .scalar(_, _, isMarked: true) = event {
        refuse(
          "an anchor or a tag on a key; write the value out where it is used", code: "yaml-anchor",
          at: place)
        isBroken = true
        return nil
      }
      guard case .scalar(let key, let style, isMarked: false) = event, !isAskedFor(place) else {
        refuse("a key that is no plain text", code: "complex-key", at: place)
        isBroken = true
        return nil
      }
      if flowDepth > 0, style == .plain, key.holds(UInt8(ascii: "?")) {
        refuse(
          "a '?' in a key within braces, which other readers of YAML refuse; put it into quotes",
          code: "quote-text", at: place)
      }
      guard let (event, valuePlace) = next() else { return nil }
      if key == "<<", style == .plain, case .alias = event {
        refuse(
          "a merge key; 'extends' starts from another spec", code: "yaml-merge-key", at: place)
        continue
      }
      guard let value = node(event, valuePlace, depth: depth + 1) else { continue }
      if let first = known.place(of: key, among: members) {
        refuse(
          "the key '\(key)' stands here a second time", code: "duplicate-key", at: place,
          notes: [(first, "it stands here first")])
        continue
      }
      check(key, style, at: place, value, after: members)
      members.append(Node.Member(key, at: place, consume value))
    }
    return nil
  }

  /// Whether a `?` announces the key, as YAML writes keys that are no plain texts.
  private func isAskedFor(_ place: Place) -> Bool {
    source.bytes[..<place.start].last { $0 != 0x20 } == UInt8(ascii: "?")
  }

  /// Whether a colon follows, so that a key was meant.
  private func hasColon(after place: Place) -> Bool {
    source.bytes[place.end...].first { $0 != 0x20 } == UInt8(ascii: ":")
  }

  /// Refuses a merge key, a key that no text may look like, and a key with nothing after it.
  private mutating func check(
    _ key: String, _ style: Node.Style, at place: Place, _ value: Node,
    after earlier: [Node.Member]
  ) {
    if key == "<<", style == .plain {
      refuse(
        "a merge key; 'extends' starts from another spec", code: "yaml-merge-key", at: place)
    } else if case .scalar("", .plain) = value.content {
      let before = source.bytes[..<place.start].last { $0 != 0x20 && $0 != 0x0A }
      let last = earlier.last
      if before == UInt8(ascii: ","), let cut = last?.value.unclosedTemplate {
        refuseCut(at: Place(cut, place.end, in: source.file))
      } else if before == UInt8(ascii: ","), !hasColon(after: place),
        case .scalar(_, .plain)? = last?.value.content
      {
        refuse(
          "a comma ended the text before '\(key)'; put that text into quotes", code: "quote-text",
          at: place)
      } else {
        refuse(
          "nothing stands after '\(key):'; \"\" is the empty text", code: "empty-value", at: place)
      }
    }
  }
}

/// Finds a key among members that are read one after another: by looking at each of few, by a table of many.
private struct KnownKeys {
  private var places: [String: Place] = [:]
  /// Keys of ASCII are one only where their bytes are; others also where Unicode calls them equivalent.
  private var isASCII = true

  mutating func place(of key: String, among members: [Node.Member]) -> Place? {
    if members.count < 32 {
      if key.holds({ $0 >= 0x80 }) { isASCII = false }
      let index = isASCII ? members.index(of: key) : members.firstIndex { $0.key == key }
      return index.map { members[$0].keyPlace }
    }
    for index in places.count..<members.count {
      places[members[index].key] = members[index].keyPlace
    }
    return places[key]
  }
}

extension Node {
  /// Where a `$<` without its `>` begins in a plain text.
  fileprivate var unclosedTemplate: Int? {
    guard case .scalar(let text, .plain) = content else { return nil }
    let bytes = Array(text.utf8)
    guard let open = bytes.lastIndex(of: UInt8(ascii: "<")), open > 0,
      bytes[open - 1] == UInt8(ascii: "$"), !bytes[open...].contains(UInt8(ascii: ">"))
    else { return nil }
    return place.start + open - 1
  }
}

extension String {
  /// A block scalar's one final line end is no part of its text.
  fileprivate var withoutFinalLineEnd: String {
    utf8.last == UInt8(ascii: "\n") ? String(decoding: utf8.dropLast(), as: UTF8.self) : self
  }
}
