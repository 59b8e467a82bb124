package import XMedia

/// A received segment: one attempt whose row was committed.
///
/// Each attempt has a blob of its own; the highest generation of an index counts (the last commit wins).
package struct Segment: Sendable, Equatable {
    /// The upload.
    package let mediaID: MediaID
    /// 0…999, or 0…9999 for uploads and profiles that allow it.
    package let index: Int
    /// Counts the attempts of this index, from 0.
    package let generation: Int
    /// Where its bytes are.
    package let blob: BlobName
    /// Its bytes.
    package let size: Int64
    /// CRC-32C of its bytes.
    package let crc32c: UInt32

    package init(mediaID: MediaID, index: Int, generation: Int, blob: BlobName, size: Int64, crc32c: UInt32) {
        self.mediaID = mediaID
        self.index = index
        self.generation = generation
        self.blob = blob
        self.size = size
        self.crc32c = crc32c
    }
}
