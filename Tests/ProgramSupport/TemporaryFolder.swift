import Foundation
import Synchronization

/// A folder for one test, removed with it; what is still there when the tests' process ends is removed then.
package final class TemporaryFolder: Sendable {
    /// Those that exist.
    private static let existing = Mutex<Set<String>>([])
    /// Runs once: an object that lives as long as the process has no other end.
    private static let removalAtExit: Void = {
        atexit {
            for path in TemporaryFolder.existing.withLock({ $0 }) { TemporaryFolder.remove(path) }
        }
    }()

    package let path: String

    package init() throws {
        Self.removalAtExit
        path = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = Self.existing.withLock { $0.insert(path) }
    }

    deinit { Self.remove(path) }

    /// A server that is just ending may make and remove files meanwhile, each of which ends a removal with an error.
    private static func remove(_ path: String) {
        for _ in 0..<10 where FileManager.default.fileExists(atPath: path) {
            try? FileManager.default.removeItem(atPath: path)
        }
        if !FileManager.default.fileExists(atPath: path) { _ = existing.withLock { $0.remove(path) } }
    }
}
