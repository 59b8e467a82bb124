import XMedia

/// The text of HLS playlists, made from rows (RFC 8216).
package enum HLSPlaylist {
    /// The master playlist over all streams, the tallest first.
    package static func master(_ streams: [Rendition]) -> String {
        var lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
        for stream in streams.sorted(by: { ($0.bitRate ?? 0) > ($1.bitRate ?? 0) }) {
            guard let hls = stream.hls else { continue }
            var attributes = ["BANDWIDTH=\(peakBitRate(of: hls))"]
            if let average = stream.bitRate { attributes.append("AVERAGE-BANDWIDTH=\(average)") }
            attributes.append("CODECS=\"\(hls.codecs)\"")
            if let width = stream.width, let height = stream.height {
                attributes.append("RESOLUTION=\(width)x\(height)")
            }
            if let frameRate = hls.frameRate { attributes.append("FRAME-RATE=\(thousandths(frameRate))") }
            lines.append("#EXT-X-STREAM-INF:\(attributes.joined(separator: ","))")
            lines.append("\(stream.id).m3u8")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The media playlist of one stream: byte ranges of its file.
    package static func media(_ stream: Rendition) -> String? {
        guard let hls = stream.hls else { return nil }
        let target = hls.segments.map(\.duration).max() ?? 0
        let file = MediaURLs.streamFile(of: stream)
        var lines = [
            "#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:\(max(1, Int(target.rounded())))",
            "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS",
            "#EXT-X-MAP:URI=\"\(file)\",BYTERANGE=\"\(hls.initializationLength)@0\"",
        ]
        for segment in hls.segments {
            lines.append("#EXTINF:\(thousandths(segment.duration)),")
            lines.append("#EXT-X-BYTERANGE:\(segment.length)@\(segment.offset)")
            lines.append(file)
        }
        lines.append("#EXT-X-ENDLIST")
        return lines.joined(separator: "\n") + "\n"
    }

    /// RFC 8216 §4.3.4.2: BANDWIDTH is the peak segment bit rate.
    private static func peakBitRate(of hls: HLSStream) -> Int64 {
        hls.segments.filter { $0.duration > 0 }.map { Int64(Double($0.length) * 8 / $0.duration) }.max() ?? 0
    }

    /// A decimal number with three places, without a locale.
    private static func thousandths(_ value: Double) -> String {
        let number = Int64((value * 1000).rounded())
        let fraction = String(number % 1000)
        return "\(number / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }
}
