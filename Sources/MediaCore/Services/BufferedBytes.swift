import NIOCore

/// Bytes of a blob of which a rest can be kept for the next round.
struct BufferedBytes {
    private var iterator: BlobBytes.AsyncIterator
    private var rest: ByteBuffer?

    init(_ bytes: BlobBytes) { iterator = bytes.makeAsyncIterator() }

    /// The rest that was kept, or the next buffer with bytes.
    mutating func next() async throws -> ByteBuffer? {
        if let kept = rest {
            rest = nil
            return kept
        }
        while let buffer = try await iterator.next() {
            if buffer.readableBytes > 0 { return buffer }
        }
        return nil
    }

    /// Keeps what of a buffer was not consumed.
    mutating func keep(_ buffer: ByteBuffer, after count: Int) {
        guard count < buffer.readableBytes else { return }
        rest = buffer.getSlice(at: buffer.readerIndex + count, length: buffer.readableBytes - count)
    }
}
