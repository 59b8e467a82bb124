import Logging
import Synchronization

/// Keeps the messages that would wake somebody up; all others are no news where faults are injected.
final class AlarmLog: Sendable {
    private let messages = Mutex<[String]>([])

    var alarms: [String] { messages.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "schedules") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: AlarmLog
        var logLevel = Logger.Level.critical
        var metadata: Logger.Metadata = [:]

        init(log: AlarmLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.messages.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
