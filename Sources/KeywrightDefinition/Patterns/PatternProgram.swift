/// One step of a pattern's automaton. It goes on to the next one unless it says otherwise.
enum PatternInstruction: Sendable {
  /// Takes one character of the set.
  case take(ScalarSet)

  /// Goes both ways, and prefers the first.
  case split(first: Int, second: Int)

  case jump(Int)

  /// Notes where what `capture` gives begins.
  case begin

  /// Notes where what `capture` gives ends.
  case end

  /// Begins an optional part that could match the empty text.
  case mark

  /// Ends such a part; gives up if it took no character since the mark.
  ///
  /// JavaScript gives up so too: it finds `a` by `(b?|a)?` in `a`, not the empty text.
  /// - Source: ECMA-262 §22.2.2.3.1 (RepeatMatcher, step 2.b)
  case progress(since: Int)

  case match
}

/// Makes a program of a pattern's tree, in Thompson's way.
struct PatternCompiler {
  /// The largest number of states, the bound on a match's time for each character of a text.
  static let maximumStates = 10_000

  private var instructions: [PatternInstruction] = []
  private let size: Int

  private init(size: Int) { self.size = size }

  /// The program for a tree that was read from a pattern of `size` bytes.
  static func program(
    for syntax: PatternSyntax, hasGroup: Bool, size: Int
  ) throws(PatternFailure) -> [PatternInstruction] {
    var compiler = Self(size: size)
    try compiler.emit(hasGroup ? syntax : .firstGroup(syntax))
    try compiler.add(.match)
    return compiler.instructions
  }

  private var next: Int { instructions.count }

  private mutating func add(_ instruction: PatternInstruction) throws(PatternFailure) {
    if instructions.count == Self.maximumStates {
      throw PatternFailure(
        message: "more than \(Self.maximumStates) states; repeat less, or nest fewer repetitions",
        code: "pattern-too-large", range: 0..<size)
    }
    instructions.append(instruction)
  }

  private mutating func emit(_ syntax: PatternSyntax) throws(PatternFailure) {
    switch syntax {
    case .scalar(let set): try add(.take(set))
    case .sequence(let parts): for part in parts { try emit(part) }
    case .alternatives(let choices): try emit(choices)
    case .repetition(let part, let least, let most):
      if let most {
        try emit(part, times: least)
        try emit(optional: part, times: most - least)
      } else {
        try emit(endless: part, least: least)
      }
    case .firstGroup(let part):
      try add(.begin)
      try emit(part)
      try add(.end)
    }
  }

  private mutating func emit(_ choices: [PatternSyntax]) throws(PatternFailure) {
    var jumps: [Int] = []
    for choice in choices.dropLast() {
      let split = next
      try add(.match)
      try emit(choice)
      jumps.append(next)
      try add(.match)
      instructions[split] = .split(first: split + 1, second: next)
    }
    if let last = choices.last { try emit(last) }
    for jump in jumps { instructions[jump] = .jump(next) }
  }

  private mutating func emit(_ part: PatternSyntax, times: Int) throws(PatternFailure) {
    for _ in 0..<times { try emit(part) }
  }

  private mutating func emit(
    optional part: PatternSyntax, times: Int
  ) throws(PatternFailure) {
    let isChecked = part.acceptsEmpty
    var splits: [Int] = []
    for _ in 0..<times {
      splits.append(next)
      try add(.match)
      let mark = next
      if isChecked { try add(.mark) }
      try emit(part)
      if isChecked { try add(.progress(since: mark)) }
    }
    for split in splits { instructions[split] = .split(first: split + 1, second: next) }
  }

  private mutating func emit(
    endless part: PatternSyntax, least: Int
  ) throws(PatternFailure) {
    // A loop may test at its end only where no round can be empty: by `(b?|a)+`, JavaScript
    // finds `a` in `a` in a second round, after an empty first.
    let testsAtEnd = least > 0 && !part.acceptsEmpty
    try emit(part, times: testsAtEnd ? least - 1 : least)
    let start = next
    if testsAtEnd {
      try emit(part)
      try add(.split(first: start, second: next + 1))
    } else {
      try add(.match)
      try emit(part)
      try add(.jump(start))
      instructions[start] = .split(first: start + 1, second: next)
    }
  }
}
