import NIOCore

/// Passes bytes on until there are too many.
final class BoundedWriter: BlobWriter {
    /// More bytes than the limit were written.
    struct LimitExceeded: Error {}

    private let next: any BlobWriter
    private let limit: Int64
    private(set) var written: Int64 = 0

    init(_ next: any BlobWriter, limit: Int64) {
        self.next = next
        self.limit = limit
    }

    func write(_ bytes: ByteBuffer) async throws {
        written += Int64(bytes.readableBytes)
        if written > limit { throw LimitExceeded() }
        try await next.write(bytes)
    }
}
