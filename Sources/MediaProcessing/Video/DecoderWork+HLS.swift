import MediaCore
import MediaRules
import XMedia

extension DecoderWork {
    /// Copies MP4s into HLS streams.
    ///
    /// - Parameters:
    ///   - sources: the sizes, and the names of the MP4s in the scratch folder; nil for the original itself.
    ///   - hasSound: whether they have sound.
    ///   - frameRate: of all of them.
    ///   - seconds: their duration.
    ///   - longest: the duration that is bounded by, in seconds.
    ///   - nice: 0…19.
    /// - Returns: a rendition for each.
    /// - Throws: as ``run(_:seconds:longest:nice:progress:)``; `decoderFailed` for a playlist that does not fit its stream.
    func packageHLS(
        _ sources: [(size: FrameSize, name: String?)], hasSound: Bool, frameRate: Double?, seconds: Double,
        longest: Double, nice: Int = 0
    ) async throws(ProcessingError) -> [ProducedRendition] {
        let packaging = HLSPackaging(
            sources: sources.map { source in
                let made = source.name.flatMap { DecoderInput.options(.mp4, path: "\(inside.output)/\($0)") }
                return HLSPackaging.Source(input: made ?? input, size: source.size)
            }, hasSound: hasSound)
        _ = try await run(
            packaging.arguments(folder: inside.output), seconds: seconds, longest: longest, nice: nice
        ) { _, _ in }
        var streams: [ProducedRendition] = []
        for source in sources {
            streams.append(try await stream(source.size, hasSound: hasSound, frameRate: frameRate))
        }
        return streams
    }

    private func stream(
        _ size: FrameSize, hasSound: Bool, frameRate: Double?
    ) async throws(ProcessingError) -> ProducedRendition {
        let (file, playlist) = (path(HLSPackaging.fileName(size)), path(HLSPackaging.playlistName(size)))
        guard try await runner.threadPool.size(of: file) != nil, try await runner.threadPool.size(of: playlist) != nil
        else { throw .decoderFailed("Packaging for HLS left no stream.") }
        let text = try await runner.threadPool.withFile(playlist) { playlist in
            // 20 minutes are 300 segments of some 80 characters.
            String(decoding: try playlist.read(at: 0, count: 1 << 20), as: UTF8.self)
        }
        let found: (MediaPlaylist, String)? = try await runner.threadPool.withFile(file) { source in
            guard let playlist = MediaPlaylist(text, fileSize: source.size) else { return nil }
            let head = try source.read(at: 0, count: Int(min(playlist.initializationLength, 1 << 16)))
            return CodecsString.h264(initialization: head, hasSound: hasSound).map { (playlist, $0) }
        }
        guard let (playlist, codecs) = found else {
            throw .decoderFailed("Packaging for HLS made a playlist that does not fit its stream.")
        }
        return ProducedRendition(
            role: .hlsStream, path: file, contentType: MediaType.mp4.rawValue, width: size.width, height: size.height,
            bitRate: playlist.averageBitRate,
            hls: HLSStream(
                codecs: codecs, frameRate: frameRate, initializationLength: playlist.initializationLength,
                segments: playlist.segments))
    }

    /// The master playlist: a row without bytes.
    static let master = ProducedRendition(role: .hlsMaster, path: nil, contentType: "application/x-mpegURL")
}
