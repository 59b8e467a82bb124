/// Requests whose end two readers may see at different places; within each, behind one of the ends, stands another one,
/// ``inner``, that the sender did not make.
///
/// RFC 9112, 11.2; the names are those of the attacks' literature (CL: Content-Length, TE: Transfer-Encoding).
struct SmugglingVector: Sendable {
    let name: String
    let bytes: [UInt8]

    /// The request that must not be seen.
    static let inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

    private init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    static let all: [SmugglingVector] = lengths + codings + lines + chunks + others

    private static let start = "POST /2/media/upload/initialize HTTP/1.1\r\nHost: a\r\n"
    private static let count = inner.utf8.count
    /// The inner request in a chunk, as it is.
    private static let chunked = "\(String(count, radix: 16))\r\n\(inner)\r\n0\r\n\r\n"

    /// The body is the inner request, whatever is said of its length.
    private static var lengths: [SmugglingVector] {
        let headers = [
            "Content-Length: 0\r\nContent-Length: \(count)", "Content-Length: \(count)\r\nContent-Length: 0",
            "Content-Length: \(count)\r\nContent-Length: \(count)", "Content-Length: 0, \(count)",
            "Content-Length: \(count), \(count)", "Content-Length: +\(count)", "Content-Length: -1",
            "Content-Length: -0",
            "Content-Length: 0x\(String(count, radix: 16))", "Content-Length: \(String(count, radix: 16))h",
            "Content-Length: 0\(count)", "Content-Length: 000000000000000000000000\(count)",
            "Content-Length: \(count) ",
            "Content-Length:\(count)", "Content-Length:\t\(count)", "Content-Length: \u{0B}\(count)",
            "Content-Length: \u{0C}\(count)", "Content-Length: \(count)\u{0B}", "Content-Length: \(count);a",
            "Content-Length: \(count),",
            "Content-Length: ,\(count)", "Content-Length: 1_0", "Content-Length: 3e1", "Content-Length: 35.0",
            "Content-Length: \u{A0}\(count)", "Content-Length: 3 5", "Content-Length: ", "Content-Length: \"\(count)\"",
            "Content-Length: 18446744073709551616", "Content-Length: 18446744073709551651",
            "Content-Length: 9223372036854775808",
            "Content-Length : \(count)", "Content-Length\t: \(count)", " Content-Length: \(count)",
            "Content-Length\0: \(count)",
            "Content-Length: \0\(count)", "Content-Length: \(count)\0", "Content-Length: 0\r\n \(count)",
            "Content-Length:\r\n \(count)", "X-A: b\r\n Content-Length: \(count)",
            "Content_Length: \(count)\r\nContent-Length: \(count)",
            "Content-Length: \(count)\rContent-Length: 0", "Content-Length: \(count)\nContent-Length: 0",
        ]
        return headers.map { SmugglingVector($0, start + $0 + "\r\n\r\n" + inner) }
            // Behind an end that everybody sees, so that only the length can make it a body.
            + ["GET", "HEAD", "DELETE", "OPTIONS"].map {
                SmugglingVector(
                    "\($0) with a body",
                    "\($0) /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n" + inner)
            }
    }

    /// What a reader of the chunks takes for a body is what a reader of the length takes for a request, or the reverse.
    private static var codings: [SmugglingVector] {
        let names = [
            "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked",
            " Transfer-Encoding: chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding: \u{0B}chunked",
            "Transfer-Encoding: chunked\u{0B}", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: 'chunked'",
            "Transfer-Encoding: chu\0nked", "Transfer-Encoding:\r\n chunked", "X-A: b\r\n Transfer-Encoding: chunked",
            "X-A: b\nTransfer-Encoding: chunked", "X-A: b\rTransfer-Encoding: chunked", "Transfer-Encoding\0: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: , chunked",
            "Transfer-Encoding: chunked,",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: \u{FF}chunked", "Transfer-Encoding: chunked\u{A0}",
        ]
        return names.flatMap { name in
            [
                SmugglingVector(
                    "CL.TE \(name)", start + "Content-Length: \(count + 5)\r\n\(name)\r\n\r\n0\r\n\r\n" + inner),
                SmugglingVector(
                    "TE.CL \(name)", start + "\(name)\r\nContent-Length: \(chunked.utf8.count)\r\n\r\n" + chunked),
                SmugglingVector("TE.CL, short \(name)", start + "Content-Length: 4\r\n\(name)\r\n\r\n" + chunked),
                SmugglingVector(
                    "HTTP/1.0 \(name)",
                    "POST /healthz HTTP/1.0\r\nHost: a\r\nContent-Length: \(chunked.utf8.count)\r\n\(name)\r\n\r\n"
                        + chunked),
            ]
        }
    }

    /// Ends of lines and of heads that are none.
    private static var lines: [SmugglingVector] {
        let head = "POST /healthz HTTP/1.1\nHost: a\nContent-Length: \(count)\n\n"
        return [
            SmugglingVector("bare LF", head + inner),
            SmugglingVector(
                "bare LF before CR LF", "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\n\r\n" + inner),
            SmugglingVector("bare CR", "POST /healthz HTTP/1.1\rHost: a\rContent-Length: \(count)\r\r" + inner),
            SmugglingVector(
                "CR in a value",
                "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\nX-A: b\rX-B: c\r\n\r\n" + inner),
            SmugglingVector("LF CR", "POST /healthz HTTP/1.1\n\rHost: a\n\rContent-Length: \(count)\n\r\n\r" + inner),
            SmugglingVector("no colon", start + "Content-Length: \(count)\r\nnonsense\r\n\r\n" + inner),
            SmugglingVector("empty name", start + "Content-Length: \(count)\r\n: a\r\n\r\n" + inner),
            SmugglingVector("space in a name", start + "Content-Length: \(count)\r\nX A: b\r\n\r\n" + inner),
            SmugglingVector(
                "folded first line",
                "POST /healthz HTTP/1.1\r\n Host: a\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector(
                "two hosts", "POST /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector("no host", "POST /healthz HTTP/1.1\r\nContent-Length: \(count)\r\n\r\n" + inner),
        ]
    }

    /// Chunks that end elsewhere than they say: a proper reader takes all of it for the body, or refuses.
    private static var chunks: [SmugglingVector] {
        let size = String(count, radix: 16)
        let bodies = [
            "\(size);a=b\r\n\(inner)\r\n0\r\n\r\n", "\(size);a=\"\r\n\"\r\n\(inner)\r\n0\r\n\r\n",
            "0;a\n\(inner)0\r\n\r\n",
            "\(size) \r\n\(inner)\r\n0\r\n\r\n", " \(size)\r\n\(inner)\r\n0\r\n\r\n",
            "0x\(size)\r\n\(inner)\r\n0\r\n\r\n",
            "+\(size)\r\n\(inner)\r\n0\r\n\r\n", "-1\r\n\(inner)\r\n0\r\n\r\n", "\(size)\n\(inner)\r\n0\r\n\r\n",
            "\(size)\r\n\(inner)\n0\r\n\r\n",
            "\(size)\r\(inner)\r\n0\r\n\r\n", "\(size)\r\n\(inner)0\r\n\r\n", "\(size)\r\n\(inner)XX0\r\n\r\n",
            "1000000000000000\(size)\r\n\(inner)\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFF\r\n\(inner)\r\n0\r\n\r\n",
            "000000000000000000000\(size)\r\n\(inner)\r\n0\r\n\r\n",
            "\(size)\0\r\n\(inner)\r\n0\r\n\r\n", "\r\n\(size)\r\n\(inner)\r\n0\r\n\r\n", "g\r\n\(inner)\r\n0\r\n\r\n",
            ";\r\n\(inner)\r\n0\r\n\r\n",
            "0\r\nContent-Length: \(count)\r\nX-A:\r\n \(inner)", "1\r\na\(inner)\r\n0\r\n\r\n",
            "\(size);\u{0B}\r\n\(inner)\r\n0\r\n\r\n",
            "\(size);a\r\(inner)\r\n0\r\n\r\n",
            "\(size);\(String(repeating: "a", count: 70_000))\r\n\(inner)\r\n0\r\n\r\n",
        ]
        return bodies.map {
            SmugglingVector("chunk \($0.prefix(40))", start + "Transfer-Encoding: chunked\r\n\r\n" + $0)
        }
    }

    private static var others: [SmugglingVector] {
        [
            SmugglingVector(
                "refused early", start + "Expect: 100-continue\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector(
                "unknown expectation", start + "Expect: 200-ok\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector(
                "two expectations",
                start + "Expect: 100-continue, 100-continue\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector("after close", "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + inner),
            SmugglingVector(
                "after h2c",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: \(count)\r\n\r\n"
                    + inner),
            SmugglingVector(
                "after WebSocket",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: \(count)\r\n\r\n"
                    + inner),
            SmugglingVector("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + inner),
            SmugglingVector(
                "HTTP/1.2", "POST /healthz HTTP/1.2\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector(
                "HTTP/2.0", "POST /healthz HTTP/2.0\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector(
                "spaces in the first line",
                "POST  /healthz  HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector(
                "tabs in the first line",
                "POST\t/healthz\tHTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n" + inner),
            SmugglingVector("target of two words", "GET /healthz HTTP/1.1 GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"),
            SmugglingVector("target with LF", "GET /healthz\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"),
            SmugglingVector("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n" + inner),
        ]
    }
}
