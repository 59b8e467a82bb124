/// What one run of a decoder may use.
///
/// A run that wants more ends as ``ProcessingError/decoderFailed(_:)``.
struct DecoderLimits: Sendable, Equatable {
    /// From start to end.
    var wallClock: Duration
    /// Seconds of processor time, all threads together.
    var cpuSeconds: Int
    /// Address space in bytes.
    ///
    /// Not resident memory: ffmpeg and its two hundred libraries take half a GiB of it before the first byte is read,
    /// and 8192×4320 frames of 10 bits with their references some 2 GiB.
    var memoryBytes: Int64 = 6 << 30
    /// Bytes of everything in the output folder; no single file may be larger either.
    var outputBytes: Int64
    /// Open files.
    var openFiles = 64
    /// 0…19; above 0 for background work.
    var nice = 0

    /// A run that only reads the file and prints.
    ///
    /// Half of the usual memory: it decodes a frame or two at most, and an index of a million frames takes 100 MiB.
    static let probe = DecoderLimits(wallClock: .seconds(60), cpuSeconds: 60, memoryBytes: 3 << 30, outputBytes: 1)

    /// A run that writes renditions.
    ///
    /// - Parameters:
    ///   - mediaSeconds: the duration of what is decoded. A slow core takes some ten seconds for one second of a 4K HDR
    ///     video, so twenty are granted.
    ///   - inputBytes: the original's size.
    ///   - threads: how many decode and encode.
    ///   - nice: 0…19.
    /// - Returns: limits that grow with the media.
    static func rendering(mediaSeconds: Double, inputBytes: Int64, threads: Int, nice: Int) -> DecoderLimits {
        let seconds = 60 + Int((mediaSeconds * 20).rounded(.up))
        // Renditions are bounded in bit rate (10 Mbit/s and 5 Mbit/s and so on: under 3 MB a second together), and there are
        // two of each, an MP4 and a stream; faststart needs no second copy. A remux is as large as its source.
        let output = inputBytes + Int64(mediaSeconds * 6_000_000) + (64 << 20)
        return DecoderLimits(
            wallClock: .seconds(seconds), cpuSeconds: seconds * threads, outputBytes: output, nice: nice)
    }
}
