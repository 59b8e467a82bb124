package import NIOCore
import RandomSupport

/// Bytes cut into the buffers in which they might arrive.
package enum Cuts {
    /// Three ways: whole, byte by byte (of short inputs), and in pieces that depend on nothing but the bytes.
    package static func all(of bytes: [UInt8]) -> [[ByteBuffer]] {
        var ways = [[ByteBuffer(bytes: bytes)], pieces(of: bytes)]
        if bytes.count <= 1024 { ways.append(bytes.map { ByteBuffer(integer: $0) }) }
        return ways
    }

    /// Pieces of 0 to 16 bytes, now and then a long one; each is the middle of a larger buffer, as slices of reads are.
    private static func pieces(of bytes: [UInt8]) -> [ByteBuffer] {
        var random = SeededGenerator(
            bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
        var pieces: [ByteBuffer] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let most = Int.random(in: 0..<8, using: &random) == 0 ? 200 : 16
            let piece = rest.prefix(Int.random(in: 0...most, using: &random))
            rest = rest.dropFirst(piece.count)
            var buffer = ByteBuffer(string: "<")
            buffer.writeBytes(piece)
            buffer.writeString(">")
            pieces.append(buffer.getSlice(at: 1, length: piece.count) ?? ByteBuffer())
        }
        return pieces
    }
}
