import CChecksum
import MediaCore

extension StoredBlob {
    /// Length and checksum with further bytes.
    func appending(_ bytes: UnsafeRawBufferPointer) -> StoredBlob {
        StoredBlob(
            size: size + Int64(bytes.count), crc32c: roost_crc32c(crc32c, bytes.baseAddress, bytes.count))
    }
}
