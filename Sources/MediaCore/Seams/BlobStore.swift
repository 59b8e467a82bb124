package import NIOCore

/// Where the bytes are.
///
/// Errors: every method throws ``StoreError``; a body's own error and `CancellationError` pass through unchanged.
/// Cancellation: a cancelled call leaves nothing behind that a later call could meet.
package protocol BlobStore: Sendable {
    /// The bytes that `body` wrote are durable under `name` when this returns; when it throws, no blob is there.
    ///
    /// - Parameters:
    ///   - name: a name that was never used before.
    ///   - body: writes the bytes; each `write` returns when the store is ready for more, which is the back pressure.
    /// - Returns: length and CRC-32C of what was written.
    func write(_ name: BlobName, _ body: (any BlobWriter) async throws -> Void) async throws -> StoredBlob

    /// The blobs one after the other are durable as a new blob, and each was found to have its CRC; the parts stay.
    ///
    /// - Throws: ``BlobMismatch`` naming the part whose bytes are not those that were received; no blob is there then.
    func compose(_ parts: [BlobPart], into name: BlobName) async throws -> ComposedBlob

    /// Finished local files become durable blobs, all of them or none; the files are gone afterwards or may be removed.
    ///
    /// Used for renditions, which are made in a scratch folder; together, because much of the work is done once for all.
    ///
    /// - Returns: length and CRC-32C of each, in order.
    func adopt(_ files: [FinishedFile]) async throws -> [StoredBlob]

    /// The bytes of a range, in order, in buffers of at most 256 KiB; nothing is read ahead of the consumer by more
    /// than one buffer.
    ///
    /// - Throws: ``StoreError/notFound`` at once when there is no such blob; the sequence throws
    ///   ``StoreError/corrupt(_:)`` when the blob ends before the range does.
    func read(_ name: BlobName, range: Range<Int64>) async throws -> BlobBytes

    /// A local file with the blob's bytes exists during `body`, unless somebody deletes the blob; it must only be read.
    func withLocalFile<Result: Sendable>(
        _ name: BlobName, _ body: (_ path: String) async throws -> Result
    ) async throws -> Result

    /// The blobs are gone; those that were not there are no error.
    ///
    /// A single blob is deleted by a cancelled call too; of many, such a call may leave some.
    func delete(_ names: [BlobName]) async throws

    /// Calls `visit` with batches of everything that is stored, in no order; blobs that come or go meanwhile may be missed.
    ///
    /// - Throws: what `visit` throws, at once; ``StoreError`` when a part could not be listed, after all others were.
    func list(_ visit: ([StoredBlobEntry]) async throws -> Void) async throws

    /// Bytes that can still be written; nil when the store cannot tell.
    func availableBytes() async throws -> Int64?
}

extension BlobStore {
    /// A finished local file becomes a durable blob.
    package func adopt(fileAt path: String, as name: BlobName) async throws -> StoredBlob {
        try await adopt([FinishedFile(path: path, name: name)]).first ?? StoredBlob(size: 0, crc32c: 0)
    }
}

/// A local file that nobody writes any more.
package struct FinishedFile: Sendable {
    /// Where it is.
    package let path: String
    /// The blob that it becomes.
    package let name: BlobName

    package init(path: String, name: BlobName) {
        self.path = path
        self.name = name
    }
}

/// Takes the bytes of one blob.
package protocol BlobWriter: AnyObject {
    /// Takes the bytes; returns when more are welcome.
    func write(_ bytes: ByteBuffer) async throws
}

/// Length and checksum of stored bytes.
package struct StoredBlob: Sendable, Equatable {
    /// Bytes.
    package let size: Int64
    /// CRC-32C.
    package let crc32c: UInt32

    package init(size: Int64, crc32c: UInt32) {
        self.size = size
        self.crc32c = crc32c
    }
}

/// A blob as a part of another.
package struct BlobPart: Sendable, Equatable {
    /// The blob.
    package let name: BlobName
    /// What it must hold.
    package let stored: StoredBlob

    package init(name: BlobName, stored: StoredBlob) {
        self.name = name
        self.stored = stored
    }
}

/// A blob made of parts.
package struct ComposedBlob: Sendable, Equatable {
    /// Length and CRC-32C of the whole.
    package let stored: StoredBlob
    /// SHA-256 of the whole, 64 hexadecimal digits.
    package let sha256: String

    package init(stored: StoredBlob, sha256: String) {
        self.stored = stored
        self.sha256 = sha256
    }
}

/// A stored part does not hold the bytes that were received.
package struct BlobMismatch: Error, Equatable {
    /// Its position in the list of parts.
    package let part: Int
    /// Length and CRC-32C found; nil when the blob is missing.
    package let found: StoredBlob?

    package init(part: Int, found: StoredBlob?) {
        self.part = part
        self.found = found
    }
}

/// One stored blob in a listing.
package struct StoredBlobEntry: Sendable, Equatable {
    /// Its name.
    package let name: BlobName
    /// Bytes.
    package let size: Int64

    package init(name: BlobName, size: Int64) {
        self.name = name
        self.size = size
    }
}

/// Bytes of a blob, pulled by the consumer.
package struct BlobBytes: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    /// Gives the next buffer, nil at the end.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let source: @Sendable () async throws -> ByteBuffer?

        package mutating func next() async throws -> ByteBuffer? { try await source() }
    }

    private let makeSource: @Sendable () -> @Sendable () async throws -> ByteBuffer?

    /// Makes the sequence of a function that makes a function that returns the next buffer.
    package init(_ makeSource: @escaping @Sendable () -> @Sendable () async throws -> ByteBuffer?) {
        self.makeSource = makeSource
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: makeSource()) }
}
