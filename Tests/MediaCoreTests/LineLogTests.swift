import Logging
import MediaCore
import Synchronization
import Testing

@Suite("Log lines")
struct LineLogTests {
    /// Lines, or what is written to a stream.
    private final class Lines: TextOutputStream, Sendable {
        private let text = Mutex("")
        var value: String { text.withLock { $0 } }
        func write(_ string: String) { text.withLock { $0 += string } }
    }

    /// What a handler writes.
    private func line(_ log: (Logger) -> Void, _ handler: (Lines) -> any LogHandler) -> String {
        let lines = Lines()
        log(Logger(label: "roost", factory: { _ in handler(lines) }))
        return lines.value
    }

    static let events: [@Sendable (Logger) -> Void] = [
        { $0.info("bare") },
        {
            $0.warning("own", metadata: ["b": "2", "a": .stringConvertible(1), "list": ["x", "y"], "map": ["k": "v"]])
        },
        { logger in
            var logger = logger
            logger[metadataKey: "request_id"] = "0123"
            logger[metadataKey: "gone"] = "x"
            logger[metadataKey: "gone"] = nil
            logger.error("both", metadata: ["method": "GET"])
            logger.info("logger's only")
            logger.info("own wins", metadata: ["request_id": "other"])
            logger.debug("below the level")
        },
        { $0.error("failed", error: CancellationError()) },
    ]

    @Test("are those of swift-log's own handler", arguments: events.indices)
    func same(_ index: Int) {
        let log = Self.events[index]
        let expected = line(log) { StreamLogHandler(label: "roost", stream: $0, metadataProvider: nil) }
        let found = line(log) { lines in LineLog(label: "roost") { lines.write($0) } }
        // Each line of several begins with the time, which may differ by a second.
        #expect(Self.withoutTimes(found) == Self.withoutTimes(expected))
        #expect(expected.contains("roost"))
    }

    private static func withoutTimes(_ text: String) -> [Substring] {
        text.split(separator: "\n").map { line in line.first?.isNumber == true ? line.drop { $0 != " " } : line }
    }

    @Test("begin with the local time to the second")
    func time() throws {
        let lines = Lines()
        Logger(label: "roost", factory: { _ in LineLog(label: "roost") { lines.write($0) } }).info("now")
        let time = try #require(lines.value.split(separator: " ").first)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}/) != nil)
    }
}
