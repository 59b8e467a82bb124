import NIOCore
import RandomSupport
import Testing

import JSONBody

/// What a body was read as.
struct ReadBody: Equatable {
    /// The streamed bytes; `nil` when the member is absent.
    var streamed: [UInt8]?
    /// The object of the other members; `nil` before the object has ended.
    var members: String?
    var error: JSONBodyError?

    /// Reads a body that arrives in these pieces and checks that the events come in their order.
    init(pieces: [ArraySlice<UInt8>], limits: JSONBodyLimits = JSONBodyLimits()) {
        var reader = JSONBodyReader(streamedMember: "media", limits: limits)
        var isStreaming = false
        do throws(JSONBodyError) {
            for piece in pieces {
                reader.append(ByteBuffer(bytes: piece))
                while let event = try reader.next() {
                    #expect(members == nil, "an event after the end")
                    switch event {
                    case .streamBegin:
                        #expect(!isStreaming && streamed == nil, "a second begin")
                        isStreaming = true
                        streamed = []
                    case .streamed(let bytes):
                        #expect(isStreaming && bytes.readableBytes > 0, "bytes outside of the stream, or none")
                        streamed? += bytes.readableBytesView
                    case .streamEnd:
                        #expect(isStreaming, "the end of no stream")
                        isStreaming = false
                    case .end(let members):
                        #expect(!isStreaming, "the end inside the stream")
                        self.members = String(buffer: members)
                    }
                }
            }
            try reader.finish()
        } catch {
            self.error = error
        }
    }

    init(_ streamed: String?, members: String) {
        self.streamed = streamed.map { Array($0.utf8) }
        self.members = members
    }
}

/// All the ways in which tests let bytes arrive: whole, one by one, cut in two everywhere, and cut at random.
func arrivals(of bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
    var arrivals = [[bytes[...]], bytes.indices.map { bytes[$0...$0] }]
    arrivals += bytes.indices.map { [bytes[..<$0], bytes[$0...]] }
    var generator = SeededGenerator(UInt64(bytes.count))
    for _ in 0..<50 {
        var rest = bytes[...]
        var pieces: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            pieces.append(rest.prefix(Int.random(in: 0...12, using: &generator)))
            rest = rest.dropFirst(pieces[pieces.count - 1].count)
        }
        arrivals.append(pieces)
    }
    return arrivals
}

/// Reads a body in all arrivals, expects the same of each, and gives it.
func read(
    _ body: String, limits: JSONBodyLimits = JSONBodyLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> ReadBody {
    read(Array(body.utf8), limits: limits, sourceLocation: sourceLocation)
}

/// Reads a body in all arrivals, expects the same of each, and gives it.
func read(
    _ body: [UInt8], limits: JSONBodyLimits = JSONBodyLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> ReadBody {
    let result = ReadBody(pieces: [body[...]], limits: limits)
    for pieces in arrivals(of: body) {
        let other = ReadBody(pieces: pieces, limits: limits)
        // What was decoded of a piece is not given when the same piece proves the body wrong.
        if result.error == nil ? other != result : other.error != result.error {
            Issue.record("differs when it comes in pieces of \(pieces.map(\.count))", sourceLocation: sourceLocation)
        }
    }
    return result
}

/// Encodes bytes slowly and plainly, bit by bit (RFC 4648 §4).
func base64(_ bytes: [UInt8], padded: Bool = true) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
    var text = ""
    for start in stride(from: 0, to: bits.count, by: 6) {
        text.append(alphabet[(0..<6).reduce(0) { $0 << 1 | Int(start + $1 < bits.count ? bits[start + $1] : 0) }])
    }
    while padded, text.utf8.count % 4 != 0 { text += "=" }
    return text
}
