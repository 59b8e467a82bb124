/// Files that make a decoder open other files or addresses.
package struct References: Sendable {
    /// One of them.
    package struct File: Sendable {
        /// What it is.
        package let name: String
        package let text: String
        /// ffmpeg's demuxer for it; nil when it has none.
        package let demuxer: String?
        /// Whether it leads to the local file, so that following it brings that file's contents.
        package let isLocal: Bool

        /// The bytes.
        package var bytes: [UInt8] { Array(text.utf8) }
    }

    /// The path of a file that must not come out.
    package let canary: String
    /// A port that must not be knocked at.
    package let port: Int

    package init(canary: String, port: Int) {
        self.canary = canary
        self.port = port
    }

    private func playlist(_ line: String) -> String {
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(line)\n#EXT-X-ENDLIST\n"
    }

    /// All of them.
    package var files: [File] {
        let relative = String(repeating: "../", count: 12) + canary.dropFirst()
        let address = "http://127.0.0.1:\(port)/canary.ts"
        func hls(_ name: String, _ line: String, isLocal: Bool = true) -> File {
            File(name: "HLS, \(name)", text: playlist(line), demuxer: "hls", isLocal: isLocal)
        }
        return [
            hls("absolute", canary), hls("relative", relative), hls("file:", "file://\(canary)"),
            hls("concat:", "concat:\(canary)|\(canary)"),
            hls("subfile:", "subfile,,start,0,end,100000,,:\(canary)"),
            hls("crypto:", "crypto:\(canary)"), hls("cache:", "cache:\(canary)"), hls("async:", "async:\(canary)"),
            hls("data:", "data:text/plain;base64,Y2FuYXJ5", isLocal: false),
            hls("http:", address, isLocal: false), hls("tcp:", "tcp://127.0.0.1:\(port)", isLocal: false),
            File(
                name: "HLS, key of an address",
                text: playlist("#EXT-X-KEY:METHOD=AES-128,URI=\"\(address)\"\n\(canary)"), demuxer: "hls",
                isLocal: false),
            File(
                name: "HLS, section of a file",
                text: playlist("#EXT-X-MAP:URI=\"\(canary)\"\n\(canary)"), demuxer: "hls", isLocal: true),
            File(
                name: "HLS behind a byte order mark", text: "\u{FEFF}" + playlist(canary), demuxer: "hls", isLocal: true
            ),
            File(name: "ffconcat", text: "ffconcat version 1.0\nfile '\(canary)'\n", demuxer: "concat", isLocal: true),
            File(
                name: "ffconcat of an address", text: "ffconcat version 1.0\nfile '\(address)'\n", demuxer: "concat",
                isLocal: false),
            File(name: "DASH", text: dash("file://\(canary)"), demuxer: "dash", isLocal: true),
            File(name: "DASH of an address", text: dash(address), demuxer: "dash", isLocal: false),
            File(
                name: "SDP",
                text: "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video \(port) RTP/AVP 96\n",
                demuxer: "sdp", isLocal: false),
            File(
                name: "SVG",
                text: "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" "
                    + "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image width=\"9\" height=\"9\" "
                    + "xlink:href=\"file://\(canary)\"/><image xlink:href=\"\(address)\"/></svg>",
                demuxer: nil, isLocal: true),
            File(
                name: "PDF", text: "%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(\(address))>>>>endobj\n",
                demuxer: nil, isLocal: false),
            File(
                name: "PostScript", text: "%!PS\n(\(canary)) (r) file 1000 string readstring\n", demuxer: nil,
                isLocal: true),
            File(
                name: "MVG", text: "push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 '\(address)'\n",
                demuxer: nil, isLocal: false),
            File(
                name: "MVG of a file", text: "viewbox 0 0 9 9\nimage over 0,0 0,0 'label:@\(canary)'\n", demuxer: nil,
                isLocal: true),
            File(name: "a bare path", text: "\(canary)\n", demuxer: nil, isLocal: true),
        ]
    }

    private func dash(_ address: String) -> String {
        """
        <?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" \
        profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period duration="PT1S"><AdaptationSet \
        mimeType="video/mp2t"><Representation id="1" bandwidth="1000"><BaseURL>\(address)</BaseURL></Representation>\
        </AdaptationSet></Period></MPD>
        """
    }
}
