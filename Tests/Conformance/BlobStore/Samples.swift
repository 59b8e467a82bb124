import CChecksum
import Crypto
import MediaCore
import NIOCore
import RandomSupport
import Testing
import XMedia

/// What the rules write and compare.
enum Samples {
    private static let namer = BlobNamer()

    /// A name that was never used before.
    static func name(_ kind: BlobName.Kind = .attempt, media: UInt64 = 1_803_847_203_968_745_473) -> BlobName {
        namer.name(kind, of: MediaID(rawValue: media))
    }

    /// Bytes without a pattern, the same for the same seed.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var generator = SeededGenerator(seed)
        return generator.bytes(count)
    }

    /// Length and checksum, by the table and not by the code that the stores use.
    static func stored(_ bytes: [UInt8]) -> StoredBlob {
        StoredBlob(
            size: Int64(bytes.count),
            crc32c: bytes.withUnsafeBytes { roost_crc32c_portable(0, $0.baseAddress, $0.count) })
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The error of a body.
struct BodyError: Error, Equatable {}

extension BlobStore {
    /// Writes bytes in buffers of the given size.
    @discardableResult
    func put(_ bytes: [UInt8], as name: BlobName, buffers: Int = 64 << 10) async throws -> StoredBlob {
        try await write(name) { writer in
            for start in stride(from: 0, to: bytes.count, by: buffers) {
                try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + buffers, bytes.count)]))
            }
        }
    }

    /// Writes bytes and says what part of another blob they would be.
    func putPart(_ bytes: [UInt8]) async throws -> BlobPart {
        let name = Samples.name()
        return BlobPart(name: name, stored: try await put(bytes, as: name))
    }

    /// The bytes of a range.
    func get(_ name: BlobName, _ range: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in try await read(name, range: Int64(range.lowerBound)..<Int64(range.upperBound)) {
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// Everything that is stored, with its size.
    func everything() async throws -> [BlobName: Int64] {
        var found: [BlobName: Int64] = [:]
        try await list { batch in
            for entry in batch {
                #expect(found[entry.name] == nil, "\(entry.name) is listed twice")
                found[entry.name] = entry.size
            }
        }
        return found
    }

    /// Checks that no blob has this name, whichever way one asks.
    func expectNothing(as name: BlobName) async throws {
        await #expect(throws: StoreError.notFound) { try await read(name, range: 0..<1) }
        #expect(try await everything()[name] == nil)
    }
}

/// Runs the work in a task of its own that is cancelled by `cancel`, and expects it to end so.
func expectCancellation(_ work: @escaping @Sendable (_ cancel: () -> Void) async throws -> Void) async {
    await withTaskGroup { group in
        group.addTask {
            await #expect(throws: CancellationError.self) {
                try await work { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
    }
}
