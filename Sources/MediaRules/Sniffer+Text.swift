extension Sniffer {
    /// The type of a text; nil when the bytes are none.
    ///
    /// `isWhole` says whether `head` is the whole file; otherwise its last character may be cut.
    static func text(_ head: [UInt8], isWhole: Bool) -> SniffedType? {
        guard !head.isEmpty, !head.contains(0) else { return nil }
        let body = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
        guard let text = validUTF8(body, isWhole: isWhole) else { return nil }
        let lines = text.split(maxSplits: 200, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let content = lines.map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }
        guard let first = content.first else { return nil }
        // WebVTT, section 4.1: the signature stands at the very start, followed by a space, a tab or the line's end.
        let opening = lines.first ?? ""
        if opening.hasPrefix("WEBVTT"), [nil, " ", "\t"].contains(opening.dropFirst(6).first) { return .vtt }
        if first.hasPrefix("#EXTM3U") { return .hls }
        if first.hasPrefix("ffconcat version") { return .ffconcat }
        if first.hasPrefix("v=0"), content.dropFirst().first?.hasPrefix("o=") == true { return .sdp }
        if first.hasPrefix("push graphic-context") || first.hasPrefix("viewbox ") { return .mvg }
        if isSubRip(content) { return .srt }
        return markup(content.prefix(40).joined(separator: " ").lowercased())
    }

    /// The text of a UTF-8 prefix; nil when it is not UTF-8, up to a last character that the window cut.
    private static func validUTF8(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> String? {
        for cut in 0...(isWhole ? 0 : 3) where cut <= bytes.count {
            if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
        }
        return nil
    }

    /// SubRip: a counter alone on its line, then a line of two times.
    private static func isSubRip(_ content: [Substring]) -> Bool {
        guard content.count >= 2, content[0].trimmedEnd.allSatisfy({ ("0"..."9").contains($0) }) else { return false }
        let times = content[1].split(separator: " ")
        return times.count >= 3 && times[1] == "-->" && isTime(times[0]) && isTime(times[2])
    }

    /// `00:01:02,345`, with a point instead of the comma in many files of the field.
    private static func isTime(_ text: Substring) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "," || $0 == "." }
        return parts.count == 4 && parts.allSatisfy { (1...3).contains($0.utf8.count) && Int($0) != nil }
    }

    private static func markup(_ text: String) -> SniffedType? {
        guard text.hasPrefix("<") else { return nil }
        if text.contains("<svg") { return .svg }
        if text.contains("<mpd") { return .dash }
        if text.hasPrefix("<!doctype html") || text.contains("<html") || text.contains("<script") { return .html }
        return text.hasPrefix("<?xml") ? .xml : nil
    }
}

extension Substring {
    fileprivate var trimmedEnd: Substring {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
