package import Foundation
package import RandomSupport

/// A file to upload, in two versions that are both what the kind says, segment by segment.
///
/// Whatever mixture of the two versions' segments an upload ends up with, it is a file of its kind, so that the outcome
/// of processing is known although the bytes are not.
package struct SampleMedia: Sendable {
    /// What the file is.
    package enum Kind: Sendable {
        /// A bitmap, in which any bytes are pixels.
        case picture
        /// A video that complies, with a `free` box of any bytes behind it.
        case video
        /// Bytes that are no video.
        case garbage
    }

    /// What the file is.
    package let kind: Kind
    /// Bytes of the whole file.
    package let size: Int
    /// Bytes of each segment but the last.
    package let segmentSize: Int
    private let seed: UInt64

    /// Makes a file of random kind and size.
    package init(using random: inout SeededGenerator) {
        let die = Int.random(in: 0..<100, using: &random)
        kind = die < 72 ? .picture : die < 92 ? .video : .garbage
        switch kind {
        case .picture: size = Self.bitmapHeader.count + Self.rowBytes * Int.random(in: 40...800, using: &random)
        case .video: size = Self.videoBytes.count + 8 + Int.random(in: 20_000...120_000, using: &random)
        case .garbage: size = Int.random(in: 5_000...60_000, using: &random)
        }
        // The first segment holds all that is the same in both versions.
        segmentSize = max(Self.videoBytes.count + 72, size / Int.random(in: 1...7, using: &random) + 1)
        seed = random.next()
    }

    /// How many segments the file has.
    package var segmentCount: Int { (size + segmentSize - 1) / segmentSize }

    /// The category to upload it as.
    package var category: String { kind == .picture ? "tweet_image" : "tweet_video" }

    /// The type to declare.
    package var type: String { kind == .picture ? "image/bmp" : "video/mp4" }

    /// The bytes of a version, 0 or 1.
    package func file(_ version: Int) -> Data {
        var random = SeededGenerator(seed, version)
        switch kind {
        case .garbage: return Data(random.bytes(size))
        case .picture:
            var file = Self.bitmapHeader
            file.replace(size, at: 2)
            file.replace((size - Self.bitmapHeader.count) / Self.rowBytes, at: 22)
            return file + Data(random.bytes(size - file.count))
        case .video:
            let free = size - Self.videoBytes.count
            return Self.videoBytes + Data(withUnsafeBytes(of: UInt32(free).bigEndian) { Array($0) }) + Data("free".utf8)
                + Data(random.bytes(free - 8))
        }
    }

    /// A segment of a version.
    package func segment(_ index: Int, _ version: Int) -> Data {
        let start = index * segmentSize
        return Data(file(version)[start..<Swift.min(start + segmentSize, size)])
    }

    /// 100 pixels of 24 bits.
    private static let rowBytes = 300
    /// BITMAPFILEHEADER and BITMAPINFOHEADER of 100 pixels by 0, of which the sizes are still to be written.
    private static let bitmapHeader = Data(
        [0x42, 0x4D, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 1, 0, 24, 0]
            + [UInt8](repeating: 0, count: 24))
    private static let videoBytes = Fixtures.shortVideo
}

extension Data {
    /// Writes 32 bits, the lowest first.
    fileprivate mutating func replace(_ number: Int, at offset: Int) {
        replaceSubrange(offset..<offset + 4, with: Swift.withUnsafeBytes(of: UInt32(number).littleEndian) { Array($0) })
    }
}
