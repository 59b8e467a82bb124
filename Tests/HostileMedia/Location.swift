/// A place, and the metadata in which photos and videos carry it.
package struct Location: Sendable {
    /// A word that stands in every form of the place, to be looked for in what comes out.
    package let word: String
    /// Degrees, minutes and seconds north.
    package let latitude: (Int, Int, Int)

    /// A place that differs for each number, at some 52° north.
    package init(_ number: Int) {
        word = "Roostplace\(1000 + number)"
        latitude = (52, number % 60, number * 7 % 60)
    }

    /// The GPS directory of Exif 2.32, section 4.6.6.
    package var directory: [TIFFFile.Entry] {
        [
            .bytes(0, [2, 3, 0, 0]), .ascii(1, "N"),
            .rationals(2, [latitude.0, latitude.1, latitude.2]), .ascii(3, "E"), .rationals(4, [13, 24, 36]),
            .ascii(27, word),
        ]
    }

    /// Exif data: orientation, camera and place.
    package func exif(orientation: Int = 1) -> [UInt8] {
        TIFFFile.file(
            pages: [[.ascii(271, word), .short(274, orientation), .ascii(315, "\(word) artist")]],
            location: directory)
    }

    /// XMP (ISO 16684-1) with the place.
    package var xmp: [UInt8] {
        .text(
            """
            <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
            xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,\(latitude.1).5N" exif:GPSAreaInformation=\
            "\(word)"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>
            """)
    }

    /// What a video's place looks like in ISO 6709.
    package var iso6709: String { "+52.\(1000 + latitude.1)+013.4100/" }

    /// The boxes of QuickTime's and 3GPP's user data: `©xyz`, `loci`, a free text, and Adobe's XMP box.
    package var userData: [UInt8] {
        let text = Array("\(iso6709)\(word)".utf8)
        let length: [UInt8] = .big16(text.count) + [0x15, 0xC7]
        // The name begins with the letter © of Mac Roman, which is no UTF-8.
        let size: [UInt8] = .big32(12 + text.count)
        let place = size + [0xA9] + Array("xyz".utf8) + length + text
        let coordinates: [UInt8] = .big32(13 << 16) + [UInt8].big32(52 << 16)
        let loci = ISOFile.box("loci", .zeros(6), .text(word), [0, 0], coordinates, .zeros(6))
        return ISOFile.box("udta", place, loci, ISOFile.box("XMP_", xmp), ISOFile.box("free", .text(word)))
    }

    /// The movie's metadata of QuickTime: `com.apple.quicktime.location.ISO6709`.
    package var quickTimeMetadata: [UInt8] {
        let key = Array("com.apple.quicktime.location.ISO6709".utf8)
        let value = Array("\(iso6709)\(word)".utf8)
        let keys = ISOFile.box("keys", .zeros(4), .big32(1), .big32(8 + key.count), .text("mdta"), key)
        let item = ISOFile.box("data", .big32(1), .zeros(4), value)
        let list = ISOFile.box("ilst", .big32(8 + item.count), .big32(1), item)
        return ISOFile.box("meta", ISOFile.box("hdlr", .zeros(8), .text("mdta"), .zeros(13)), keys, list)
    }
}
