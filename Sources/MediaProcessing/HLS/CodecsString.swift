/// The `CODECS` of a stream that we made (RFC 6381 §3.3).
enum CodecsString {
    /// Reads profile and level of an H.264 stream.
    ///
    /// The box's contents (ISO/IEC 14496-15 §5.3.3.1) begin with a version of 1, then profile, compatibility and level,
    /// which are the six digits.
    ///
    /// - Parameters:
    ///   - bytes: the initialization section.
    ///   - hasSound: adds `mp4a.40.2`, AAC LC.
    /// - Returns: `avc1.64001f,mp4a.40.2` for example; nil when there is no `avcC` box.
    static func h264(initialization bytes: [UInt8], hasSound: Bool) -> String? {
        let name = Array("avcC".utf8)
        guard bytes.count >= 8 else { return nil }
        for start in 0..<bytes.count - 7 where bytes[start] == name[0] && bytes[start..<start + 4].elementsEqual(name) {
            guard bytes[start + 4] == 1 else { continue }
            let digits = bytes[start + 5..<start + 8].map { byte in
                let text = String(byte, radix: 16)
                return text.count == 1 ? "0" + text : text
            }
            return "avc1." + digits.joined() + (hasSound ? ",mp4a.40.2" : "")
        }
        return nil
    }
}
