/// Runs a pattern's program over a text: all its threads at once, one character after the other.
///
/// A state is entered at most once at each place of the text, by the thread that prefers it
/// most. That bounds the time, and it ends a loop's empty round as JavaScript does: the round
/// comes back to a state that was entered at this place.
///
/// - Source: Russ Cox, "Regular Expression Matching: the Virtual Machine Approach"
///   (https://swtch.com/~rsc/regexp/regexp2.html)
struct PatternSimulation {
  /// A state to go on from, and what was noted on the way to it, in scalars of the text.
  struct Thread {
    var state: Int
    var begin: Int?
    var end: Int?
  }

  private enum Task {
    case enter(Thread)
    case unmark(Int)
  }

  private let program: [PatternInstruction]

  /// The place of the text at which each state was last entered.
  private var entered: [Int]

  /// The marks between which and the state that is entered no character was taken.
  private var isMarked: [Bool]

  private var threads: [Thread] = []
  private var following: [Thread] = []
  private var tasks: [Task] = []

  init(_ program: [PatternInstruction]) {
    self.program = program
    entered = Array(repeating: -1, count: program.count)
    isMarked = Array(repeating: false, count: program.count)
  }

  /// The thread that matches the whole text, or the preferred one of the leftmost match.
  ///
  /// Complexity: O(states × scalars).
  mutating func match(_ scalars: [Unicode.Scalar], whole: Bool) -> Thread? {
    var result: Thread?
    for place in 0...scalars.count {
      if whole ? place == 0 : result == nil { enter(Thread(state: 0), at: place) }
      swap(&threads, &following)
      following.removeAll(keepingCapacity: true)
      if threads.isEmpty, whole || result != nil { break }
      let scalar = place < scalars.count ? scalars[place] : nil
      advance: for thread in threads {
        switch program[thread.state] {
        case .match where !whole || scalar == nil:
          result = thread
          // The threads after this one are preferred less.
          break advance
        case .take(let set):
          guard let scalar, set.contains(scalar) else { continue }
          var thread = thread
          thread.state += 1
          enter(thread, at: place + 1)
        default: continue
        }
      }
    }
    return result
  }

  /// Follows a thread to the states that wait for a character, in order of preference.
  ///
  /// A stack of tasks, not recursion: a program may be longer than the call stack is deep.
  private mutating func enter(_ thread: Thread, at place: Int) {
    tasks.append(.enter(thread))
    while let task = tasks.popLast() {
      switch task {
      case .unmark(let state): isMarked[state] = false
      case .enter(let thread):
        if entered[thread.state] == place { continue }
        entered[thread.state] = place
        step(thread, at: place)
      }
    }
  }

  private mutating func step(_ thread: Thread, at place: Int) {
    var next = thread
    next.state += 1
    switch program[thread.state] {
    case .take, .match:
      following.append(thread)
      return
    case .jump(let target): next.state = target
    case .split(let first, let second):
      next.state = second
      tasks.append(.enter(next))
      next.state = first
    case .begin: next.begin = place
    case .end: next.end = place
    case .mark:
      isMarked[thread.state] = true
      tasks.append(.unmark(thread.state))
    case .progress(let mark): if isMarked[mark] { return }
    }
    tasks.append(.enter(next))
  }
}
