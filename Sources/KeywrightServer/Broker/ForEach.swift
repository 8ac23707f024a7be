/// Does something with each element, some of them at once; the first failure ends the rest.
func forEach<Element: Sendable, Failure: Error>(
  _ elements: [Element], atMost width: Int,
  _ work: @escaping @Sendable (Element) async throws(Failure) -> Void
) async throws(Failure) {
  let outcome = await withTaskGroup(of: Result<Void, Failure>.self) { group in
    var rest = elements[...]
    func begin() {
      guard let element = rest.popFirst() else { return }
      group.addTask {
        do throws(Failure) { return .success(try await work(element)) } catch {
          return .failure(error)
        }
      }
    }
    for _ in 0..<width { begin() }
    while let ended = await group.next() {
      if case .failure = ended {
        group.cancelAll()
        return ended
      }
      begin()
    }
    return .success(())
  }
  try outcome.get()
}
