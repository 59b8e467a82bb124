import Dispatch
package import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Small local files of tests, and of ``InMemoryBlobStore``; read and written off the concurrency pool.
package enum LocalFiles {
    private static let queue = DispatchQueue(label: "InMemoryBlobStore files")

    /// All bytes of a file.
    package static func contents(of path: String) async throws(StoreError) -> ByteBuffer {
        try await onQueue { () throws(StoreError) in
            guard let file = fopen(path, "rb") else { throw errno == ENOENT ? .notFound : failure(path) }
            defer { fclose(file) }
            var bytes = ByteBuffer()
            while true {
                let count = bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: 64 << 10) {
                    fread($0.baseAddress, 1, $0.count, file)
                }
                guard ferror(file) == 0 else { throw failure(path) }
                if count == 0 { return bytes }
            }
        }
    }

    /// A new file with the bytes, in the folder for temporary files.
    package static func make(_ bytes: ByteBuffer) async throws(StoreError) -> String {
        try await onQueue { () throws(StoreError) in
            let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
            var template = Array("\(folder)/roost-blob-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard descriptor >= 0, let file = fdopen(descriptor, "wb") else { throw failure(path) }
            let written = bytes.withUnsafeReadableBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            guard fclose(file) == 0, written == bytes.readableBytes else {
                unlink(path)
                throw failure(path)
            }
            return path
        }
    }

    /// Takes a file away.
    package static func remove(_ path: String) async {
        await withCheckedContinuation { continuation in
            queue.async {
                unlink(path)
                continuation.resume()
            }
        }
    }

    private static func failure(_ path: String) -> StoreError { .unavailable("\(path): errno \(errno)") }

    private static func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
