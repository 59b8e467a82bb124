/// The orientation in Exif data, which is a TIFF file of its own (Exif 2.32, section 4.6).
enum Exif {
    /// Reads tag 0x0112 of the first directory.
    ///
    /// Damaged Exif data is common and no reason to refuse a picture: it counts as upright.
    static func orientation(_ source: some ByteSource) -> Int {
        let directory = try? TIFFHeader.firstDirectory(source)
        return directory?.orientation ?? 1
    }
}
