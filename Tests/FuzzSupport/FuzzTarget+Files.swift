import MediaRules
import XMedia

extension FuzzTarget {
    /// Any file: its type is found in few reads, and the header of that type is read or refused.
    static let sniffer = FuzzTarget(
        "sniffer", seeds: FileSeeds.images.map(\.bytes) + FileSeeds.videos + FileSeeds.texts,
        tokens: FileSeeds.tokens, bytes: FileSeeds.bytes
    ) { input in
        let source = CountingSource(input)
        let type = try Sniffer.sniff(source)
        try require(source.bytesRead <= Sniffer.window + 48, "\(source.bytesRead) bytes read")
        try require(try Sniffer.sniff(ArrayByteSource(input)) == type, "another type the second time")
        if type == .mp4 || type == .quickTime { try readMP4(input) }
        if let media = type.mediaType, media.rawValue.hasPrefix("image/") { try readImage(input, type) }
    }

    /// An image whose type is said by the first byte.
    static let imageHeader = FuzzTarget(
        "image-header",
        seeds: FileSeeds.images.map { [UInt8(imageTypes.firstIndex(of: $0.type) ?? 0)] + $0.bytes },
        tokens: FileSeeds.tokens, bytes: FileSeeds.bytes
    ) { input in
        guard let first = input.first else { return }
        try readImage(Array(input.dropFirst()), imageTypes[Int(first) % imageTypes.count])
    }

    /// An MP4 file.
    static let mp4Header = FuzzTarget(
        "mp4-header", seeds: FileSeeds.videos, tokens: FileSeeds.tokens, bytes: FileSeeds.bytes, check: readMP4)

    private static let imageTypes: [SniffedType] = [.jpeg, .png, .gif, .webp, .bmp, .tiff]

    private static func readImage(_ bytes: [UInt8], _ type: SniffedType) throws {
        let source = CountingSource(bytes)
        let header: ImageHeader
        do {
            header = try ImageHeader.read(source, type: type)
        } catch {
            return
        }
        try require(source.bytesRead <= 128 << 20, "\(source.bytesRead) bytes read")
        try require(header.width > 0 && header.height > 0, "\(header)")
        try require((1...8).contains(header.orientation), "\(header)")
        try require(header.frameCount > 0 && header.pageCount > 0, "\(header)")
        try require((1...(type == .tiff ? 64 : 16)).contains(header.bitDepth), "\(header)")
        try require(header.durationMs.map { $0 >= 0 } ?? true, "\(header)")
        try require(header.isAnimated == (header.frameCount > 1), "\(header)")
    }

    private static func readMP4(_ bytes: [UInt8]) throws {
        let source = CountingSource(bytes)
        let header: MP4Header
        do {
            header = try MP4Header.read(source)
        } catch {
            return
        }
        try require(source.bytesRead <= 16 << 20, "\(source.bytesRead) bytes read")
        try require(header.durationMs.map { $0 >= 0 } ?? true, "\(header)")
        try require((header.video != nil) == (header.videoTracks > 0), "\(header)")
        try require((header.audio != nil) == (header.audioTracks > 0), "\(header)")
        if let video = header.video {
            try require(
                [0, 90, 180, 270].contains(video.rotation) && video.width >= 0 && video.height >= 0, "\(header)")
            try require(video.frameRate.map { $0 > 0 && $0.isFinite } ?? true, "\(header)")
        }
    }
}

/// Counts what is read, and holds readers to the bounds of the file.
final class CountingSource: ByteSource {
    private let source: ArrayByteSource
    private(set) var bytesRead = 0

    init(_ bytes: [UInt8]) { source = ArrayByteSource(bytes) }

    var size: Int64 { source.size }

    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try require(offset >= 0 && count >= 0, "a read of \(count) bytes at \(offset)")
        let bytes = source.read(at: offset, count: count)
        bytesRead += bytes.count
        return bytes
    }
}
