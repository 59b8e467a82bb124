import MultipartForm
import NIOCore

extension FuzzTarget {
    /// A `multipart/form-data` body with the boundary `b`: what is read does not depend on how the bytes were cut, and
    /// accepted bodies have the parts that a search of the whole body finds.
    static let multipart = FuzzTarget(
        "multipart", seeds: multipartSeeds,
        tokens: [
            "\r\n", "--b", "\r\n--b", "--b--", "\r\n--b--\r\n", "\r\n\r\n",
            "Content-Disposition: form-data; name=\"a\"",
            "Content-Transfer-Encoding: base64", "; filename=\"x\"", "filename*=utf-8''%41", "\"", "\\\"", "%22", ";",
            ":", "\r", "\n", "-", " \t",
        ]
    ) { input in
        let boundary = try MultipartBoundary("b")
        let transcripts = Cuts.all(of: input).map { MultipartTranscript(of: $0, boundary: boundary) }
        let whole = transcripts[0]
        for other in transcripts.dropFirst() {
            try require(other == whole, "cut in another way: \(other) instead of \(whole)")
        }
        try require(whole.content <= input.count, "\(whole.content) bytes of content")
        try require(whole.parts.count <= MultipartLimits().parts, "\(whole.parts.count) parts")
        if whole.error == nil {
            let found = MultipartSearch.contents(of: input, boundary: "b")
            try require(found == whole.parts.map(\.content), "a search finds \(found), the parser \(whole.parts)")
        }
    }

    private static var multipartSeeds: [[UInt8]] {
        let field = "Content-Disposition: form-data; name=\"segment_index\"\r\n\r\n0"
        let file =
            "Content-Disposition: form-data; name=\"media\"; filename=\"a b\"\r\nContent-Type: image/png\r\n\r\n\0\r\n-"
        let base64 =
            "content-disposition:form-data;name=media\r\ncontent-transfer-encoding:base64\r\n\r\nAAAA\r\nAA==\r\n"
        return [
            "--b\r\n\(field)\r\n--b\r\n\(file)\r\n--b--\r\n", "--b\r\n\(file)\r\n--b--",
            "\r\n--b\r\n\(base64)\r\n--b--\r\n",
            "preamble\r\n--b \t\r\n\(field)\r\n--b--\r\nepilogue", "--b--",
            "--b\r\n\(field)\r\n\r\n--\r\n--bb\r\n--b--",
            "--b\r\n" + String(repeating: "X-A: b\r\n", count: 15) + field + "\r\n--b--\r\n",
        ].map { Array($0.utf8) }
    }
}

/// Everything that a parser says of a body, the same for all ways to cut it.
struct MultipartTranscript: Equatable {
    struct Part: Equatable {
        var headers: PartHeaders
        var content: [UInt8] = []
        var isComplete = false
    }

    var parts: [Part] = []
    var isEnded = false
    var error: MultipartError?

    var content: Int { parts.reduce(0) { $0 + $1.content.count } }

    init(of buffers: [ByteBuffer], boundary: MultipartBoundary) {
        var parser = MultipartParser(boundary: boundary)
        do throws(MultipartError) {
            for buffer in buffers {
                parser.append(buffer)
                while let event = try parser.next() { take(event) }
            }
            try parser.finish()
        } catch {
            self.error = error
        }
    }

    private mutating func take(_ event: MultipartEvent) {
        switch event {
        case .partBegin(let headers): parts.append(Part(headers: headers))
        case .body(let bytes): parts[parts.count - 1].content += bytes.readableBytesView
        case .partEnd: parts[parts.count - 1].isComplete = true
        case .end: isEnded = true
        }
    }
}

/// Finds the parts' contents in a body that is known to be well-formed, in the simplest way.
enum MultipartSearch {
    static func contents(of body: [UInt8], boundary: String) -> [[UInt8]] {
        // A boundary may stand at the very beginning, as if a line had ended there.
        let bytes = Array("\r\n".utf8) + body
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var contents: [[UInt8]] = []
        guard var position = index(of: delimiter, in: bytes, from: 0) else { return [] }
        while true {
            position += delimiter.count
            if bytes[position...].starts(with: Array("--".utf8)) { return contents }
            // The header's last line end belongs to a delimiter that follows at once.
            guard let header = index(of: Array("\r\n\r\n".utf8), in: bytes, from: position),
                let next = index(of: delimiter, in: bytes, from: header + 2)
            else { return contents }
            contents.append(next > header + 4 ? Array(bytes[header + 4..<next]) : [])
            position = next
        }
    }

    private static func index(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard start <= bytes.count - needle.count else { return nil }
        return (start...bytes.count - needle.count).first { bytes[$0...].starts(with: needle) }
    }
}
