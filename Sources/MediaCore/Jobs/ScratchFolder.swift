import Dispatch
import Foundation

/// A folder in which one run works; made and removed on threads that may wait for the disk.
enum ScratchFolder {
    /// Makes the folder, for its owner alone.
    ///
    /// - Throws: what the file system says.
    static func create(_ path: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try FileManager.default.createDirectory(
                            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
                    })
            }
        }
    }

    /// Removes the folder with all that is in it.
    ///
    /// A decoder that was killed dies a moment after the program that watched over its namespace, and may still write
    /// meanwhile: each new file ends a removal with an error, so it is begun anew. What cannot be removed within five
    /// seconds is left to the next start.
    static func remove(_ path: String) async {
        for pause in [0, 10, 50, 200, 500, 1000, 1000, 1000, 1240] {
            if await removeOnce(path, after: pause) { return }
        }
    }

    /// Tries once, after a pause in milliseconds; a task that is cancelled waits as well, for a stop is no reason to
    /// leave the folder.
    private static func removeOnce(_ path: String, after pause: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(pause)) {
                try? FileManager.default.removeItem(atPath: path)
                continuation.resume(returning: !FileManager.default.fileExists(atPath: path))
            }
        }
    }
}
