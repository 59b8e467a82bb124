import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The local time to the second, as ``LineLog`` writes it: `2026-11-21T17:05:09+0100`.
enum LineLogTime {
    private static let last = Mutex((second: time_t(-1), text: ""))

    static func now() -> String {
        let now = time(nil)
        return last.withLock { last in
            if last.second != now { last = (now, text(of: now)) }
            return last.text
        }
    }

    static func text(of moment: time_t) -> String {
        var moment = moment
        var parts = tm()
        guard localtime_r(&moment, &parts) != nil else { return "<unknown>" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let count = strftime(start, buffer.count, "%Y-%m-%dT%H:%M:%S%z", &parts)
            return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
    }
}
