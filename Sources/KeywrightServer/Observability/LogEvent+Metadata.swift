internal import Logging

extension LogEvent {
  /// What is to be said beside the message: the handler's own, the provider's over that, and the
  /// event's over both.
  ///
  /// An error stands under `error.message` and `error.type`, as swift-log's own handler has it.
  func metadata(over base: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> Logger.Metadata
  {
    var all = base
    if let provider { all.merge(provider.get()) { $1 } }
    if let metadata { all.merge(metadata) { $1 } }
    if let error {
      all["error.message"] = "\(error)"
      all["error.type"] = "\(String(reflecting: type(of: error)))"
    }
    return all
  }
}
