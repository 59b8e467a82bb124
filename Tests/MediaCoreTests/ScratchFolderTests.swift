import Foundation
import Testing

@testable import MediaCore

@Suite("Scratch folders")
struct ScratchFolderTests {
    @Test("A folder is removed although a decoder that is dying still writes into it")
    func removesBesideAWriter() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)").path
        try await ScratchFolder.create(path)
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/bash")
        // Without its path, as through a namespace; it ends by itself long before the removal gives up.
        writer.arguments = [
            "-c",
            """
            end=$((SECONDS + 2))
            for n in 1 2 3 4; do (i=0; while [ $SECONDS -lt $end ]; do i=$((i + 1)); : > $n-$i; done 2>&-) & done; wait
            """,
        ]
        writer.currentDirectoryURL = URL(fileURLWithPath: path)
        try writer.run()
        while try FileManager.default.contentsOfDirectory(atPath: path).count < 100 {
            try await Task.sleep(for: .milliseconds(1))
        }
        // Cancelled, as in a stop: the folder goes all the same.
        let removal = Task { await ScratchFolder.remove(path) }
        removal.cancel()
        await removal.value
        #expect(!FileManager.default.fileExists(atPath: path))
        writer.waitUntilExit()
    }
}
