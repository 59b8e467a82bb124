extension MP4Walk {
    /// The entries of a sample table that are read; enough to tell a rate.
    private static var mostTimeEntries: Int { 4096 }

    /// Reads a `trak` box; tracks that are neither video nor audio leave nothing behind.
    mutating func readTrack(_ track: Box, into header: inout MP4Header) throws(HeaderError) {
        var boxes: [FourCC: Box] = [:]
        try collect(track, into: &boxes, path: ["mdia", "minf", "stbl"])
        guard let handlerBox = boxes["hdlr"], let descriptions = boxes["stsd"] else { return }
        let handler = FourCC(try content(of: handlerBox, count: 12), at: 8)
        guard handler == "vide" || handler == "soun" else { return }
        let entry = try sampleEntry(descriptions, isVideo: handler == "vide")
        if entry.isEncrypted { header.isEncrypted = true }
        if handler == "soun" {
            header.audioTracks += 1
            if header.audio == nil { header.audio = MP4Header.Audio(codec: entry.codec, channels: entry.channels) }
            return
        }
        header.videoTracks += 1
        guard header.video == nil else { return }
        var video = MP4Header.Video(
            width: entry.width, height: entry.height, rotation: 0, codec: entry.codec, frameRate: nil,
            isVariableFrameRate: false)
        if let box = boxes["tkhd"] { video.rotation = try rotation(box) }
        if let media = boxes["mdhd"], let times = boxes["stts"] { try readTimes(times, media, into: &video) }
        header.video = video
    }

    /// Gathers the first box of each type in a box and, along the path, in its children.
    private mutating func collect(
        _ parent: Box, into boxes: inout [FourCC: Box], path: ArraySlice<FourCC>
    ) throws(HeaderError) {
        for child in try children(of: parent) where boxes[child.type] == nil {
            boxes[child.type] = child
            if child.type == path.first { try collect(child, into: &boxes, path: path.dropFirst()) }
        }
    }

    private struct SampleEntry {
        var codec: FourCC
        var width = 0
        var height = 0
        var channels = 0
        var isEncrypted = false
    }

    /// The first entry of `stsd`; `encv` and `enca` say the true format in `sinf`/`frma` (section 8.12).
    private mutating func sampleEntry(_ box: Box, isVideo: Bool) throws(HeaderError) -> SampleEntry {
        let start = box.start + 8
        guard let first = try children(of: Box(type: box.type, start: start, end: box.end)).first else {
            throw .malformed("no sample description")
        }
        var entry = SampleEntry(codec: first.type)
        let fixed: Int64 = isVideo ? 78 : 28
        let bytes = try content(of: first, count: Int(fixed))
        if isVideo {
            entry.width = Int(bytes.bigEndian16(at: 24))
            entry.height = Int(bytes.bigEndian16(at: 26))
        } else {
            entry.channels = Int(bytes.bigEndian16(at: 16))
        }
        guard first.type == "encv" || first.type == "enca" else { return entry }
        entry.isEncrypted = true
        for box in try children(of: first, from: first.start + fixed) where box.type == "sinf" {
            for inner in try children(of: box) where inner.type == "frma" {
                entry.codec = FourCC(try content(of: inner, count: 4), at: 0)
            }
        }
        return entry
    }

    /// `tkhd`: the four upper left numbers of the matrix, 16.16 fixed point.
    private mutating func rotation(_ box: Box) throws(HeaderError) -> Int {
        let isLong = try reader.byte(at: box.start) == 1
        let matrix = isLong ? 52 : 40
        let bytes = try content(of: box, count: matrix + 20)
        let numbers = [0, 4, 12, 16].map { Int32(bitPattern: bytes.bigEndian32(at: matrix + $0)) }
        return switch numbers.map({ $0.signum() }) {
        case [0, 1, -1, 0]: 90
        case [-1, 0, 0, -1]: 180
        case [0, -1, 1, 0]: 270
        default: 0
        }
    }

    /// `stts`: runs of samples of equal duration, in the time scale of `mdhd`.
    private mutating func readTimes(
        _ box: Box, _ media: Box, into video: inout MP4Header.Video
    ) throws(HeaderError) {
        let isLong = try reader.byte(at: media.start) == 1
        let scale = try content(of: media, count: isLong ? 24 : 16).bigEndian32(at: isLong ? 20 : 12)
        let count = Int(try content(of: box, count: 8).bigEndian32(at: 4))
        guard Int64(count) <= (box.end - box.start - 8) / 8 else { throw .malformed("an stts box that is too short") }
        var samples: UInt64 = 0
        var time: UInt64 = 0
        var deltas: Set<UInt32> = []
        for index in 0..<min(count, Self.mostTimeEntries) {
            let entry = try reader.bytes(at: box.start + 8 + Int64(index) * 8, count: 8)
            let (run, delta) = (entry.bigEndian32(at: 0), entry.bigEndian32(at: 4))
            // 4096 products of two 32-bit numbers need more than 64 bits: a file that gets there tells nothing.
            let (total, overflow) = time.addingReportingOverflow(UInt64(run) * UInt64(delta))
            guard !overflow else { return }
            time = total
            samples += UInt64(run)
            // The last sample often has another duration, to fill up the track.
            let isLastSample = index == count - 1 && run == 1
            if run > 0, !isLastSample { deltas.insert(delta) }
        }
        video.isVariableFrameRate = deltas.count > 1
        guard scale > 0, time > 0, samples > 0 else { return }
        video.frameRate = Double(samples) * Double(scale) / Double(time)
    }
}
