import MediaCore
import XMedia

/// Where a blob's file lies below the root: `<kind>/<two digits>/<media id>.<unique>`.
///
/// The two hexadecimal digits spread the media over 256 folders of each kind, which are made once and never removed.
/// A folder for each media would cost every upload another folder sync for each kind, and deleting would have to take
/// empty folders away while others write into them.
enum BlobLayout {
    /// Every folder below the root, parents first.
    static let folders: [String] = BlobName.Kind.allCases.flatMap { kind in
        [kind.rawValue] + (0...255).map { "\(kind.rawValue)/\(digits(UInt8($0)))" }
    }

    /// The folder of a blob.
    static func folder(of name: BlobName) -> String {
        // The low bits of a snowflake are a serial number that is mostly zero: Fibonacci hashing uses all bits.
        let hash = name.mediaID.rawValue &* 0x9E37_79B9_7F4A_7C15
        return "\(name.kind.rawValue)/\(digits(UInt8(hash >> 56)))"
    }

    /// The name in that folder.
    static func fileName(of name: BlobName) -> String { "\(name.mediaID).\(name.unique)" }

    /// The path below the root.
    static func path(of name: BlobName) -> String { "\(folder(of: name))/\(fileName(of: name))" }

    /// The blob whose file this is; nil for a file that the store did not make.
    static func blob(folder: String, fileName: String) -> BlobName? {
        let kind = folder.prefix { $0 != "/" }
        let parts = fileName.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = BlobName("\(kind)/\(parts[0])/\(parts[1])"),
            // Leading zeros in the id, or the wrong folder: no blob would be found there.
            self.folder(of: name) == folder, self.fileName(of: name) == fileName
        else { return nil }
        return name
    }

    private static func digits(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
