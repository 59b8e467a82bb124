import Foundation
import MediaCore
import NIOPosix
import Testing

@testable import MediaProcessing

/// What a decoder left decides about the media; what we cannot look at does not.
@Suite("Sizes of outputs")
struct OutputSizeTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)")
        .path
    private let pool = NIOThreadPool.singleton

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    @Test("a plain file has a size; nothing, a link, a pipe and a folder have none")
    func whatIsThere() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(FileManager.default.createFile(atPath: "\(folder)/file", contents: Data(count: 7)))
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "\(folder)/file")
        #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
        #expect(try await pool.size(of: "\(folder)/file") == 7)
        for name in ["nothing", "link", "pipe", "", "file/below"] {
            #expect(try await pool.size(of: "\(folder)/\(name)") == nil, "\(name)")
        }
    }

    @Test("what cannot be looked at is no output that is missing")
    func whatCannotBeOpened() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // As with too many open files: an error of ours, and the easiest to have.
        let path = "\(folder)/\(String(repeating: "a", count: 300))"
        let error = await #expect(throws: ProcessingError.self) { try await pool.size(of: path) }
        guard case .unavailable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
