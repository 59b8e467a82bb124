/// TIFF 6.0 files and the directories of Exif, little endian.
package enum TIFFFile {
    /// An entry of a directory.
    package struct Entry: Sendable {
        let tag: Int
        let type: Int
        let count: Int
        var content: [UInt8]

        /// A SHORT.
        package static func short(_ tag: Int, _ value: Int) -> Entry {
            Entry(tag: tag, type: 3, count: 1, content: .little16(value))
        }

        /// SHORTs.
        package static func shorts(_ tag: Int, _ values: [Int]) -> Entry {
            Entry(tag: tag, type: 3, count: values.count, content: values.flatMap { [UInt8].little16($0) })
        }

        /// A LONG.
        package static func long(_ tag: Int, _ value: Int) -> Entry {
            Entry(tag: tag, type: 4, count: 1, content: .little32(value))
        }

        /// ASCII with its closing zero.
        package static func ascii(_ tag: Int, _ text: String) -> Entry {
            Entry(tag: tag, type: 2, count: text.utf8.count + 1, content: Array(text.utf8) + [0])
        }

        /// Bytes of any length.
        package static func bytes(_ tag: Int, _ bytes: [UInt8]) -> Entry {
            Entry(tag: tag, type: 1, count: bytes.count, content: bytes)
        }

        /// Whole numbers as fractions.
        package static func rationals(_ tag: Int, _ values: [Int]) -> Entry {
            var content: [UInt8] = []
            for value in values { content += [UInt8].little32(value) + [1, 0, 0, 0] }
            return Entry(tag: tag, type: 5, count: values.count, content: content)
        }

        /// What does not fit into the entry itself.
        fileprivate var outside: [UInt8] { content.count > 4 ? content + [UInt8].zeros(content.count % 2) : [] }
    }

    private static let strip = 273
    private static let location = 34853

    /// A file of one directory for each page.
    ///
    /// - Parameters:
    ///   - pages: their entries, without those that are made here.
    ///   - strip: the samples of the first page.
    ///   - location: a GPS directory of the first page.
    package static func file(pages: [[Entry]], strip: [UInt8] = [], location: [Entry] = []) -> [UInt8] {
        // Samples and place stand before the directories, so that their offsets are known.
        var bytes: [UInt8] = Array("II".utf8) + [42, 0, 0, 0, 0, 0]
        let stripAt = bytes.count
        bytes += strip + [UInt8].zeros(strip.count % 2)
        let locationAt = bytes.count
        if !location.isEmpty { bytes += directory(location, at: locationAt, next: false) }
        bytes.replaceSubrange(4..<8, with: [UInt8].little32(bytes.count))
        for (index, page) in pages.enumerated() {
            var entries = page
            if index == 0, !strip.isEmpty { entries.append(.long(Self.strip, stripAt)) }
            if index == 0, !location.isEmpty { entries.append(.long(Self.location, locationAt)) }
            bytes += directory(entries.sorted { $0.tag < $1.tag }, at: bytes.count, next: index + 1 < pages.count)
        }
        return bytes
    }

    /// An uncompressed RGB picture.
    package static func picture(
        width: Int, height: Int, rgb: [UInt8], _ extra: [Entry], location: [Entry]
    ) -> [UInt8] {
        let entries: [Entry] = [
            .long(256, width), .long(257, height), .shorts(258, [8, 8, 8]), .short(259, 1), .short(262, 2),
            .short(277, 3), .long(278, height), .long(279, rgb.count),
        ]
        return file(pages: [entries + extra], strip: rgb, location: location)
    }

    /// A directory with what its entries refer to behind it; the next directory follows, or none.
    private static func directory(_ entries: [Entry], at start: Int, next: Bool) -> [UInt8] {
        let end = start + 6 + 12 * entries.count
        var bytes: [UInt8] = .little16(entries.count)
        var data: [UInt8] = []
        for entry in entries {
            bytes += [UInt8].little16(entry.tag)
            bytes += [UInt8].little16(entry.type)
            bytes += [UInt8].little32(entry.count)
            if entry.outside.isEmpty {
                bytes += entry.content + [UInt8].zeros(4 - entry.content.count)
            } else {
                bytes += [UInt8].little32(end + data.count)
                data += entry.outside
            }
        }
        bytes += [UInt8].little32(next ? end + data.count : 0)
        return bytes + data
    }
}
