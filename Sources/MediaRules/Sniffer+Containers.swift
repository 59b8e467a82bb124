extension Sniffer {
    /// ISO base media (ISO/IEC 14496-12): a well-formed `ftyp` first; or classic QuickTime, which has none.
    static func isoMedia(_ head: [UInt8], _ source: some ByteSource) throws -> SniffedType? {
        guard head.count >= 8 else { return nil }
        if FourCC(head, at: 4) == "ftyp" { return brand(head, size: source.size) }
        return try isClassicQuickTime(head, source) ? .quickTime : nil
    }

    /// The type that a `ftyp` box says: its length, the major brand, a version, then compatible brands.
    private static func brand(_ head: [UInt8], size: Int64) -> SniffedType? {
        let length = Int(head.bigEndian32(at: 0))
        guard length >= 16, length <= head.count, length % 4 == 0, Int64(length) <= size else { return nil }
        let major = FourCC(head, at: 8)
        let brands = [major] + stride(from: 16, to: length, by: 4).map { FourCC(head, at: $0) }
        guard major.isPrintable else { return nil }
        if ["avif", "avis"].contains(major) { return .avif }
        if ["heic", "heix", "hevc", "hevx", "heim", "heis"].contains(major) { return .heic }
        if ["mif1", "msf1"].contains(major) { return brands.contains("avif") ? .avif : .heic }
        return major == "qt  " ? .quickTime : .mp4
    }

    /// QuickTime before `ftyp`: known atoms from the first byte on, each followed by another or by the end.
    private static func isClassicQuickTime(_ head: [UInt8], _ source: some ByteSource) throws -> Bool {
        let known: Set<FourCC> = ["moov", "mdat", "wide", "free", "skip", "pnot", "PICT", "udta", "uuid"]
        guard known.subtracting(["PICT", "udta", "uuid"]).contains(FourCC(head, at: 4)) else { return false }
        var offset: Int64 = 0
        var header = head
        for _ in 0..<3 {
            guard header.count >= 8, known.contains(FourCC(header, at: 4)) else { return false }
            var length = Int64(header.bigEndian32(at: 0))
            if length == 0 { return true }  // to the end of the file
            if length == 1 {
                guard header.count >= 16, let long = Int64(exactly: header.bigEndian64(at: 8)), long >= 16 else {
                    return false
                }
                length = long
            }
            guard length >= 8, length <= source.size - offset else { return false }
            offset += length
            if offset == source.size { return true }
            header = try source.read(at: offset, count: 16)
        }
        return true
    }

    /// EBML (RFC 8794): its header element with a `DocType`; `webm` and `matroska` share everything else.
    static func ebml(_ head: [UInt8]) -> SniffedType? {
        guard head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]), let (length, width) = vint(head, at: 4) else { return nil }
        var offset = 4 + width
        let end = min(head.count, offset + min(length, 256))
        while offset + 3 <= end {
            let isLongID = head[offset] & 0x40 != 0  // the ids of this header have one or two bytes
            let idWidth = isLongID ? 2 : 1
            guard let (size, sizeWidth) = vint(head, at: offset + idWidth) else { return nil }
            let start = offset + idWidth + sizeWidth
            guard size <= end - start else { return nil }
            if head[offset] == 0x42, head[offset + 1] == 0x82 {
                switch head[start..<start + size].filter({ $0 != 0 }) {
                case Array("webm".utf8): return .webm
                case Array("matroska".utf8): return .matroska
                default: return nil
                }
            }
            offset = start + size
        }
        return nil
    }

    /// A variable-length integer of EBML of up to four bytes, and its width; nil when it is longer or cut off.
    private static func vint(_ bytes: [UInt8], at offset: Int) -> (value: Int, width: Int)? {
        guard offset < bytes.count else { return nil }
        let width = bytes[offset].leadingZeroBitCount + 1
        guard width <= 8, offset + width <= bytes.count else { return nil }
        var value = UInt64(bytes[offset]) & (0xFF >> UInt64(width))
        for index in 1..<max(width, 1) { value = value << 8 | UInt64(bytes[offset + index]) }
        guard let exact = Int(exactly: value), exact <= 1 << 28 else { return nil }
        return (exact, width)
    }

    /// An MPEG transport stream (ISO/IEC 13818-1): the sync byte at the start of each of the first packets.
    ///
    /// 188 bytes a packet, 192 with a time code in front (Blu-ray, AVCHD), 204 with error correction behind.
    static func mpegTS(_ head: [UInt8], size: Int64) -> SniffedType? {
        for (stride, first) in [(188, 0), (192, 4), (204, 0)] where size >= 3 * Int64(stride) {
            let positions = Swift.stride(from: first, to: head.count, by: stride).prefix(8)
            if positions.allSatisfy({ head[$0] == 0x47 }) { return .mpegTS }
        }
        return nil
    }
}
