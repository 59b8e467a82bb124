/// MP4 and QuickTime files (ISO/IEC 14496-12) with whatever their boxes claim.
package struct ISOFile: Sendable {
    /// What one file claims.
    ///
    /// The defaults describe the samples of ``ISOFile/Track/init(of:)`` truthfully.
    package struct Track: Sendable {
        /// The contents of the sample entry behind its fixed part: `avcC`.
        package var configuration: [UInt8]
        /// The samples' bytes.
        package var samples: [UInt8]
        /// The contents of `stsz` behind version and flags.
        package var sizes: [UInt8]
        /// The contents of `stts` behind version and flags.
        package var times: [UInt8]
        /// How many samples there are.
        package var count: Int

        /// The video track of a file made by ffmpeg with one chunk of samples and without B-frames.
        ///
        /// nil when the file is of another form.
        package init?(of file: [UInt8]) {
            func content(_ name: String) -> [UInt8]? {
                guard let start = file.firstRange(of: Array(name.utf8))?.lowerBound, start >= 4 else { return nil }
                let size = file[start - 4..<start].reduce(0) { $0 << 8 | Int($1) }
                guard size >= 8, start - 4 + size <= file.count else { return nil }
                return Array(file[start + 4..<start - 4 + size])
            }
            guard let configuration = content("avcC"), let samples = content("mdat"), let sizes = content("stsz"),
                let times = content("stts"), sizes.count > 12
            else { return nil }
            self.configuration = ISOFile.box("avcC", configuration)
            self.samples = samples
            self.sizes = Array(sizes[4...])
            self.times = Array(times[4...])
            count = sizes[8..<12].reduce(0) { $0 << 8 | Int($1) }
        }
    }

    /// The samples and what is said of them.
    package var track: Track
    /// The time scale of movie and track.
    package var timeScale = 25
    /// The duration of movie and track in the time scale; nil for the truth.
    ///
    /// Above 32 bits, version 1 boxes are written.
    package var duration: UInt64?
    /// How many times the edit list shows the whole movie; nil for no list.
    package var edits: Int?
    /// Samples in the only chunk; nil for all.
    package var samplesInChunk: Int?
    /// The chunk's offset as a 64 bit number; nil for the truth in 32 bits.
    package var chunkOffset: UInt64?
    /// The pictures' claimed size.
    package var size = (width: 64, height: 64)
    /// Further boxes in `moov`.
    package var extra: [UInt8] = []
    /// Whether `moov` stands behind the samples.
    package var indexIsLast = false

    package init(_ track: Track) { self.track = track }

    /// A box.
    package static func box(_ name: String, _ content: [UInt8]...) -> [UInt8] {
        let all = content.flatMap { $0 }
        let head: [UInt8] = .big32(8 + all.count)
        return head + Array(name.utf8) + all
    }

    /// Boxes inside of each other, as deep as asked.
    package static func nested(_ names: [String], depth: Int) -> [UInt8] {
        let size = 8 * depth
        var bytes: [UInt8] = []
        for level in 0..<depth {
            bytes += [UInt8].big32(size - 8 * level)
            bytes += Array(names[level % names.count].utf8)
        }
        return bytes
    }

    /// The file.
    package var bytes: [UInt8] {
        let head = Self.box("ftyp", .text("isom"), [0, 0, 2, 0], .text("isomiso2avc1mp41"))
        let data = Self.box("mdat", track.samples)
        if indexIsLast { return head + data + movie(samplesAt: head.count + 8) }
        let length = movie(samplesAt: 0).count
        return head + movie(samplesAt: head.count + length + 8) + data
    }

    private static let matrix: [UInt8] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000].flatMap {
        [UInt8].big32($0)
    }

    /// Two times of making, then what stands between them and the duration, then the duration.
    private func times(_ middle: [UInt8]) -> [UInt8] {
        let duration = duration ?? UInt64(track.count)
        let isLong = duration > UInt64(UInt32.max)
        var content: [UInt8] = isLong ? [1, 0, 0, 0] : [0, 0, 0, 0]
        content += [UInt8].zeros(isLong ? 16 : 8)
        content += middle
        content += isLong ? [UInt8].big64(duration) : [UInt8].big32(Int(duration))
        return content
    }

    private func movie(samplesAt offset: Int) -> [UInt8] {
        let movieHeader = Self.box(
            "mvhd", times(.big32(timeScale)), .big32(0x10000), .big16(0x100), .zeros(10), Self.matrix, .zeros(24),
            .big32(2))
        let identifier: [UInt8] = .big32(1)
        var header = times(identifier + [0, 0, 0, 0])
        header[3] = 3  // enabled, in the movie
        let trackHeader = Self.box(
            "tkhd", header, .zeros(16), Self.matrix, .big32(size.width << 16), .big32(size.height << 16))
        var list: [UInt8] = .big32(timeScale) + [0, 0, 0, 0, 0, 1, 0, 0]
        // Doubled, as a million entries one by one take their time.
        while list.count < 12 * (edits ?? 0) { list += list }
        list = Array(list.prefix(12 * (edits ?? 0)))
        let edit = edits == nil ? [] : Self.box("edts", Self.box("elst", .zeros(4), .big32(list.count / 12), list))
        let media = Self.box(
            "mdia", Self.box("mdhd", times(.big32(timeScale)), .big16(0x55C4), .zeros(2)),
            Self.box("hdlr", .zeros(8), .text("vide"), .zeros(13)),
            Self.box(
                "minf", Self.box("vmhd", [0, 0, 0, 1], .zeros(8)),
                Self.box("dinf", Self.box("dref", .zeros(4), .big32(1), Self.box("url ", [0, 0, 0, 1]))),
                sampleTable(samplesAt: offset)))
        return Self.box("moov", movieHeader, Self.box("trak", trackHeader, edit, media), extra)
    }

    private func sampleTable(samplesAt offset: Int) -> [UInt8] {
        let entry = Self.box(
            "avc1", .zeros(6), .big16(1), .zeros(16), .big16(size.width), .big16(size.height), .big32(0x48_0000),
            .big32(0x48_0000), .zeros(4), .big16(1), .zeros(32), .big16(24), [0xFF, 0xFF], track.configuration)
        let chunk = chunkOffset.map { Self.box("co64", .zeros(4), .big32(1), .big64($0)) }
        return Self.box(
            "stbl", Self.box("stsd", .zeros(4), .big32(1), entry), Self.box("stts", .zeros(4), track.times),
            Self.box("stsc", .zeros(4), .big32(1), .big32(1), .big32(samplesInChunk ?? track.count), .big32(1)),
            Self.box("stsz", .zeros(4), track.sizes),
            chunk ?? Self.box("stco", .zeros(4), .big32(1), .big32(offset)))
    }
}
