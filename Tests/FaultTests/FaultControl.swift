import Foundation
import ProgramSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The library that makes the program's calls fail, and the page through which it is told which.
///
/// Preloaded into the program (`Shim/`); the programs that the server starts do not get it.
final class FaultControl: Sendable {
    private let path: String
    private let file: FileHandle

    /// Makes the page beside a data folder that is to come.
    init(beside data: String) throws {
        path = "\(data).faults"
        try Data(count: 4096).write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        environment = [
            "LD_PRELOAD": try Self.library.get(), "ROOST_FAULT_CONTROL": path, "ROOST_FAULT_FOLDER": data,
        ]
    }

    /// What the program is to be started with.
    let environment: [String: String]

    /// Calls counted since ``arm(call:lasting:variant:)``.
    var calls: Int { number(at: 0) }
    /// The kind of each of them, by numbers that mean nothing here: `enum kind` in `Shim/control.h`.
    var kinds: [UInt8] {
        let calls = calls
        // Those beyond the page, if ever there are so many, are a kind of their own.
        return bytes(at: 256, count: min(calls, 3840)) + [UInt8](repeating: 255, count: max(0, calls - 3840))
    }

    /// Calls that were failed since then.
    var failures: Int { number(at: 24) }
    /// Calls that the capacity refused.
    var refusals: Int { number(at: 48) }
    /// Bytes that the folder's files have, as far as they were written under this page.
    var used: Int { number(at: 40) }
    /// The first call that was failed.
    var first: String {
        String(decoding: bytes(at: 56, count: 200).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// From now on, the given call fails.
    ///
    /// - Parameters:
    ///   - call: 1 for the next one; 0 lets all pass, and counts.
    ///   - lasting: every call from that one on fails, until ``release()``.
    ///   - variant: which of the errors that a call can have, 0…3.
    func arm(call: Int, lasting: Bool = false, variant: Int = 0) {
        set(0, at: 8)
        set(0, at: 24)
        write([UInt8](repeating: 0, count: 200), at: 56)
        set((lasting ? 1 : 0) | variant << 32, at: 16)
        set(0, at: 0)
        set(call, at: 8)
    }

    /// No call fails any more.
    func release() { set(0, at: 8) }

    /// The folder's files may have this many bytes together; nil for as many as the disk has.
    func limit(to bytes: Int?) { set(bytes ?? 0, at: 32) }

    private func number(at offset: Int) -> Int {
        bytes(at: offset, count: 8).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func set(_ value: Int, at offset: Int) {
        write(withUnsafeBytes(of: value.littleEndian) { Array($0) }, at: offset)
    }

    // A page of a file and its mapping in another process are the same memory on Linux.

    private func bytes(at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = max(0, pread(file.fileDescriptor, buffer.baseAddress, count, off_t(offset)))
        }
    }

    private func write(_ bytes: [UInt8], at offset: Int) {
        let written = pwrite(file.fileDescriptor, bytes, bytes.count, off_t(offset))
        precondition(written == bytes.count, "the page of faults cannot be written")
    }

    private static let libraryFolder = Result { () throws -> TemporaryFolder in try TemporaryFolder() }

    /// Built once for each run of the tests, with the toolchain's compiler.
    private static let library = Result { () throws -> String in
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Shim")
        let output = "\(try libraryFolder.get().path)/faults.so"
        let names = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".c") }
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments =
            ["clang", "-O1", "-fPIC", "-shared", "-o", output] + names.map { "\(sources.path)/\($0)" } + ["-ldl"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw RoostProcess.Failure(description: "the library that makes calls fail did not compile")
        }
        return output
    }
}
