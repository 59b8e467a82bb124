/// The first and the last bytes of a stream of any length.
struct HeadAndTail: Sendable {
    /// The most bytes kept of each end.
    let limit: Int
    private(set) var head: [UInt8] = []
    private var rest: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func append(_ bytes: [UInt8]) {
        let missing = limit - head.count
        head.append(contentsOf: bytes.prefix(missing))
        rest.append(contentsOf: bytes.dropFirst(missing))
        // Twice the limit before cutting: each byte is moved once at most.
        if rest.count > 2 * limit { rest.removeFirst(rest.count - limit) }
    }

    /// The text of both ends, damaged UTF-8 repaired.
    var text: String {
        let tail = rest.suffix(limit)
        let gap = rest.count > limit ? Array("\n…\n".utf8) : []
        return String(decoding: head + gap + tail, as: UTF8.self)
    }
}

/// Cuts a stream into lines; a line longer than the limit is dropped.
struct LineSplitter: Sendable {
    private var line: [UInt8] = []
    private let limit: Int

    init(limit: Int = 1024) { self.limit = limit }

    /// Calls `body` for each line that these bytes complete.
    mutating func append(_ bytes: [UInt8], _ body: (String) -> Void) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if line.count <= limit { body(String(decoding: line, as: UTF8.self)) }
                line.removeAll(keepingCapacity: true)
            } else if line.count <= limit {
                line.append(byte)
            }
        }
    }
}
