import CChecksum
import NIOCore
import XMedia

/// Compares what rows say with the bytes that are stored.
package struct Verification: Sendable {
    /// A difference between rows and bytes.
    package enum Finding: Sendable, Equatable, CustomStringConvertible {
        /// A row names a blob that is not there.
        case missing(BlobName)
        /// A blob has another length or checksum than its row.
        case damaged(BlobName, String)
        /// A blob that no row names.
        case orphan(BlobName, size: Int64)

        package var description: String {
            switch self {
            case .missing(let name): "missing \(name)"
            case .damaged(let name, let how): "damaged \(name): \(how)"
            case .orphan(let name, let size): "orphan \(name): \(size) bytes"
            }
        }
    }

    /// What was looked at.
    package struct Summary: Sendable, Equatable {
        /// Blobs that rows name.
        package var blobs = 0
        /// Their bytes.
        package var bytes: Int64 = 0
        /// Differences.
        package var findings = 0
    }

    private let catalog: any Catalog
    private let blobs: any BlobStore
    private let runningBoot: String?

    /// Makes a verification.
    ///
    /// - Parameter runningBoot: the boot id of a server that works on the same stores; blobs that it is writing, or has
    ///   just erased, are no differences.
    package init(catalog: any Catalog, blobs: any BlobStore, runningBoot: String? = nil) {
        self.catalog = catalog
        self.blobs = blobs
        self.runningBoot = runningBoot
    }

    /// Reads every blob that a row names and lists every blob that is stored.
    ///
    /// - Parameter report: called for each difference.
    /// - Throws: ``StoreError`` when a store cannot be read at all.
    package func run(report: (Finding) -> Void) async throws -> Summary {
        var summary = Summary()
        try await catalog.expectedBlobs { parts in
            for part in parts {
                summary.blobs += 1
                summary.bytes += part.stored.size
                if let finding = try await check(part) {
                    summary.findings += 1
                    report(finding)
                }
            }
        }
        try await blobs.list { entries in
            let named = try await catalog.named(among: entries.map(\.name))
            for entry in entries where !named.contains(entry.name) && entry.name.bootID != runningBoot ?? "" {
                summary.findings += 1
                report(.orphan(entry.name, size: entry.size))
            }
        }
        return summary
    }

    private func check(_ part: BlobPart) async throws -> Finding? {
        let size = part.stored.size
        do {
            var crc32c: UInt32 = 0
            for try await buffer in try await blobs.read(part.name, range: 0..<size) {
                crc32c = buffer.withUnsafeReadableBytes { roost_crc32c(crc32c, $0.baseAddress, $0.count) }
            }
            if crc32c != part.stored.crc32c {
                return .damaged(part.name, "CRC-32C \(crc32c.hexadecimal), expected \(part.stored.crc32c.hexadecimal)")
            }
            return try await isLonger(part) ? .damaged(part.name, "longer than the expected \(size) bytes") : nil
        } catch StoreError.notFound {
            return try await isExpected(part.name) ? .missing(part.name) : nil
        } catch StoreError.corrupt {
            return .damaged(part.name, "shorter than the expected \(size) bytes")
        }
    }

    /// Whether a blob has to be there still: it may have been erased since the row was read.
    ///
    /// A row goes on naming what is erased until that is done, so that a row names it says nothing.
    private func isExpected(_ name: BlobName) async throws -> Bool {
        guard let media = try await catalog.media(name.mediaID), media.state != .deleting else { return false }
        switch name.kind {
        case .attempt:
            if media.original != nil { return false }
            return try await catalog.segments(of: media.id).contains { $0.blob == name }
        case .original: return media.original?.blob == name
        case .rendition: return try await catalog.renditions(of: [media.id]).contains { $0.blob == name }
        }
    }

    /// Whether a blob goes on behind its expected end.
    private func isLonger(_ part: BlobPart) async throws -> Bool {
        let size = part.stored.size
        do {
            for try await _ in try await blobs.read(part.name, range: size..<size + 1) { return true }
            return false
        } catch StoreError.corrupt {
            return false
        }
    }
}
