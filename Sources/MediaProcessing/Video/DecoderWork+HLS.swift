import MediaCore
import MediaRules
import XMedia

extension DecoderWork {
    /// Copies the original into an HLS stream.
    ///
    /// - Parameters:
    ///   - size: of its pictures.
    ///   - hasSound: whether it has sound.
    ///   - frameRate: its frame rate.
    ///   - seconds: its duration.
    ///   - longest: the duration that is bounded by, in seconds.
    ///   - nice: 0…19.
    /// - Throws: as ``run(_:seconds:longest:nice:progress:)`` and ``stream(_:hasSound:frameRate:)``.
    func packageHLS(
        _ size: FrameSize, hasSound: Bool, frameRate: Double?, seconds: Double, longest: Double, nice: Int
    ) async throws(ProcessingError) -> ProducedRendition {
        let packaging = HLSPackaging(size: size, hasSound: hasSound)
        _ = try await run(
            packaging.arguments(input: input, folder: inside.output), seconds: seconds, longest: longest, nice: nice
        ) { _, _ in }
        return try await stream(size, hasSound: hasSound, frameRate: frameRate)
    }

    /// Returns the HLS stream of a size, which is in the scratch folder, as a rendition.
    ///
    /// - Throws: `decoderFailed` when it is not there, or for a playlist that does not fit it.
    func stream(
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
