import MediaCore
import NIOCore

/// A local file as a test needs it.
enum ScratchFile {
    /// A new file with the bytes exists while the body runs.
    static func with<Value>(_ bytes: [UInt8], _ body: (_ path: String) async throws -> Value) async throws -> Value {
        let path = try await LocalFiles.make(ByteBuffer(bytes: bytes))
        do {
            let value = try await body(path)
            await LocalFiles.remove(path)
            return value
        } catch {
            await LocalFiles.remove(path)
            throw error
        }
    }

    /// All bytes of a file.
    static func contents(of path: String) async throws -> [UInt8] {
        Array(buffer: try await LocalFiles.contents(of: path))
    }
}
