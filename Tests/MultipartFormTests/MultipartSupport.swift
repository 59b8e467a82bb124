import NIOCore
import RandomSupport
import Testing

import MultipartForm

/// What a body was read as: its parts with their content put together.
struct Form: Equatable {
    struct Part: Equatable {
        var headers: PartHeaders
        var content: [UInt8] = []
        var isComplete = false

        init(_ name: String, _ content: String = "", filename: String? = nil, type: String? = nil) {
            headers = PartHeaders(name: name, filename: filename, contentType: type)
            self.content = Array(content.utf8)
            isComplete = true
        }

        init(begun headers: PartHeaders) {
            self.headers = headers
        }
    }

    var parts: [Part] = []
    var hasEnded = false
    var error: MultipartError?

    init(_ parts: Part...) {
        self.parts = parts
        hasEnded = true
    }

    init(refused error: MultipartError, after parts: Part...) {
        self.parts = parts
        self.error = error
    }

    /// Reads a body that arrives in these pieces and checks that the events come in their order.
    init(pieces: [ArraySlice<UInt8>], boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
        var parser = MultipartParser(boundary: boundary, limits: limits)
        do throws(MultipartError) {
            for piece in pieces {
                parser.append(ByteBuffer(bytes: piece))
                while let event = try parser.next() { add(event) }
            }
            try parser.finish()
        } catch {
            self.error = error
        }
    }

    private mutating func add(_ event: MultipartEvent) {
        #expect(!hasEnded, "an event after the end")
        let isInPart = parts.last.map { !$0.isComplete } ?? false
        switch event {
        case .partBegin(let headers):
            #expect(!isInPart, "a part in a part")
            parts.append(Part(begun: headers))
        case .body(let bytes):
            #expect(isInPart && bytes.readableBytes > 0, "content outside of a part, or none")
            parts[parts.count - 1].content += bytes.readableBytesView
        case .partEnd:
            #expect(isInPart, "the end of no part")
            parts[parts.count - 1].isComplete = true
        case .end:
            #expect(!isInPart, "the end inside a part")
            hasEnded = true
        }
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
func parse(
    _ body: String, boundary: String = "X", limits: MultipartLimits = MultipartLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Form {
    try parse(Array(body.utf8), boundary: boundary, limits: limits, sourceLocation: sourceLocation)
}

/// Reads a body in all arrivals, expects the same of each, and gives it.
func parse(
    _ body: [UInt8], boundary: String = "X", limits: MultipartLimits = MultipartLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Form {
    let boundary = try MultipartBoundary(boundary)
    let form = Form(pieces: [body[...]], boundary: boundary, limits: limits)
    for pieces in arrivals(of: body) where Form(pieces: pieces, boundary: boundary, limits: limits) != form {
        Issue.record("differs when it comes in pieces of \(pieces.map(\.count))", sourceLocation: sourceLocation)
    }
    return form
}
