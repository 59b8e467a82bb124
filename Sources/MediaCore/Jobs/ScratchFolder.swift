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

    /// Removes the folder with all that is in it; what cannot be removed is left to the next start.
    static func remove(_ path: String) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                try? FileManager.default.removeItem(atPath: path)
                continuation.resume()
            }
        }
    }
}
