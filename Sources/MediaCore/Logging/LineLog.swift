package import Logging

/// Writes each event as a line, in the form of swift-log's `StreamLogHandler`: time, level, label, metadata by name, source,
/// message.
///
/// That handler formats all metadata anew whenever a member is set, three times for a request that logs nothing, and finds
/// out the time zone for every line. This one formats when it writes, and the time once a second.
package struct LineLog: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let write: @Sendable (_ line: String) -> Void

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - label: stands in every line.
    ///   - write: takes each line with its newline; from any thread, also from several at once.
    package init(label: String, write: @escaping @Sendable (_ line: String) -> Void) {
        self.label = label
        self.write = write
    }

    package subscript(metadataKey name: String) -> Logger.Metadata.Value? {
        get { metadata[name] }
        set { metadata[name] = newValue }
    }

    package func log(event: LogEvent) {
        var line = LineLogTime.now()
        line += " "
        line += event.level.rawValue
        if !label.isEmpty { line += " " }
        line += label
        line += ":"
        for (name, value) in members(of: event) {
            line += " "
            line += name
            line += "="
            if case .string(let text) = value { line += text } else { line += value.description }
        }
        line += " ["
        line += event.source
        line += "] "
        line += event.message.description
        line += "\n"
        write(line)
    }

    /// What is known of the event, by name; the event's own members come before those of the logger.
    private func members(of event: LogEvent) -> [(key: String, value: Logger.MetadataValue)] {
        var all = event.metadata ?? [:]
        if let error = event.error {
            all["error.message"] = "\(error)"
            all["error.type"] = "\(String(reflecting: type(of: error)))"
        }
        if let provided = metadataProvider?.get(), !provided.isEmpty { all.merge(provided) { own, _ in own } }
        if !metadata.isEmpty { all.merge(metadata) { own, _ in own } }
        return all.sorted { $0.key < $1.key }
    }
}
