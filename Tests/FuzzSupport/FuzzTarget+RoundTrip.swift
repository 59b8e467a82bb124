import MultipartForm
import NIOCore

extension FuzzTarget {
    /// Whatever a writer composes, the parser reads back.
    ///
    /// The input says how many parts there are and what is in them. Names hold neither control characters nor percent
    /// signs, which browsers write as they are and which therefore do not come back.
    static let multipartRoundTrip = FuzzTarget(
        "multipart-round-trip",
        seeds: [
            Array("\u{1}\u{5}media\u{9}\r\n--b\r\n--".utf8), Array("\u{2}\u{1}ab\u{1}c\r".utf8),
            [0, 3, 0xFF, 0xFE, 0xFD, 0], Array("\u{1}\u{5}a\\b\\\\\u{1}\\".utf8),
        ],
        tokens: ["\r\n--bound", "\r\n--boundary", "\r\n", "--", "\"", ";", "\\"]
    ) { input in
        var input = ByteBuffer(bytes: input)
        let boundary = try MultipartBoundary("bound ary")
        var writer = MultipartWriter(boundary: boundary)
        var body = ByteBuffer()
        var expected: [MultipartTranscript.Part] = []
        while expected.count < MultipartLimits().parts, let kind: UInt8 = input.readInteger() {
            let name = "n" + text(input.readSlicedPrefix())
            let content = withoutDelimiter(Array(input.readSlicedPrefix().readableBytesView))
            if kind % 2 == 0 {
                let value = String(decoding: content, as: UTF8.self)
                body.writeImmutableBuffer(writer.field(name: name, value: value))
                expected.append(
                    .init(headers: PartHeaders(name: name), content: Array(value.utf8), isComplete: true))
            } else {
                let filename = kind % 4 == 1 ? text(ByteBuffer(bytes: content)) : nil
                body.writeImmutableBuffer(
                    writer.file(name: name, filename: filename, contentType: "a/b", length: Int64(content.count)))
                body.writeBytes(content)
                let headers = PartHeaders(name: name, filename: filename, contentType: "a/b")
                expected.append(.init(headers: headers, content: content, isComplete: true))
            }
        }
        body.writeImmutableBuffer(writer.close())
        try require(Int64(body.readableBytes) == writer.contentLength, "the length is not \(writer.contentLength)")
        let read = try MultipartTranscript(
            of: [body], boundary: MultipartBoundary(contentType: writer.contentType))
        try require(read.error == nil && read.isEnded, "refused: \(String(describing: read.error))")
        try require(read.parts == expected, "\(read.parts) instead of \(expected)")
    }

    /// A `Content-Type`: what is accepted is a boundary as RFC 2046 has it, and comes back from the header it is written to.
    static let boundary = FuzzTarget(
        "boundary",
        seeds: [
            "multipart/form-data; boundary=b", "Multipart/Form-Data;BOUNDARY=\"a b\"; charset=utf-8;",
            "multipart/form-data; boundary=\"\\\"\"", "multipart/mixed; boundary=b", "multipart/form-data;boundary=",
        ].map { Array($0.utf8) },
        tokens: ["multipart/form-data", "boundary=", "boundary=\"", "\"", "\\", ";", "=", " ", "\t"]
    ) { input in
        guard let read = try? MultipartBoundary(contentType: String(decoding: input, as: UTF8.self)) else { return }
        try require((1...70).contains(read.value.utf8.count), "a boundary of \(read.value.utf8.count) characters")
        let written = MultipartWriter(boundary: read).contentType
        try require((try? MultipartBoundary(contentType: written)) == read, "\(written) is not read back")
    }

    private static func text(_ bytes: ByteBuffer) -> String {
        var text = String.UnicodeScalarView()
        for scalar in String(buffer: bytes).unicodeScalars where scalar != "%" {
            // CR, LF and quotes are what the writer must get across.
            if scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\r" || scalar == "\n" { text.append(scalar) }
        }
        return String(text)
    }

    /// Whoever writes a form chooses a boundary that its content does not hold.
    private static func withoutDelimiter(_ content: [UInt8]) -> [UInt8] {
        String(decoding: content, as: UTF8.self).contains("--bound ary") ? [] : content
    }
}

extension ByteBuffer {
    /// Reads a length of 0 to 255 and so many bytes, fewer where the input ends.
    fileprivate mutating func readSlicedPrefix() -> ByteBuffer {
        let length = readInteger(as: UInt8.self).map(Int.init) ?? 0
        return readSlice(length: min(length, readableBytes)) ?? ByteBuffer()
    }
}
