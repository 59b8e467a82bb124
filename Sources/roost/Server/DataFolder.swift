import Foundation
import MediaCore
import MediaProcessing
import SQLCatalog
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The one folder in which everything lies.
///
/// `catalog.sqlite` holds the rows, `blobs/` the bytes, `scratch/` what is being processed, `lock` the lock of the server,
/// `secret.key` the key of sealed secrets.
struct DataFolder {
    /// Where it is when nobody says otherwise: in the current folder.
    static let defaultPath = "roost-data"

    /// Absolute, because decoders run in another working folder.
    let path: String

    /// The folder at a path, relative ones taken from the current folder.
    init(path: String) { self.path = FilePath.absolute(path) }

    var catalogPath: String { "\(path)/catalog.sqlite" }
    var blobsPath: String { "\(path)/blobs" }
    var scratchPath: String { "\(path)/scratch" }
    var lockPath: String { "\(path)/lock" }
    var keyPath: String { "\(path)/secret.key" }

    /// Makes the folder, for its owner alone, if it is missing; its name is on the disk when this returns.
    ///
    /// Without that a power cut could take the folder away with everything that was acknowledged in it.
    func create() throws {
        do {
            var missing: [FilePath] = []
            var existing = FilePath(path)
            while !FileManager.default.fileExists(atPath: existing.string) {
                missing.append(existing)
                guard existing.removeLastComponent() else { break }
            }
            // Whoever made this one may have been killed before its name was on the disk.
            try Self.synchronizeName(of: existing)
            for folder in missing.isEmpty ? [existing] : missing.reversed() {
                try FileManager.default.createDirectory(
                    atPath: folder.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try Self.synchronizeName(of: folder)
            }
        } catch let error as Errno {
            throw CommandFailure("\(path) cannot be made a data folder: \(error)")
        } catch {
            throw CommandFailure("\(path) cannot be made a data folder: \(error.localizedDescription)")
        }
    }

    /// The name of a folder is on the disk, unless the folder that it is in cannot be read.
    private static func synchronizeName(of folder: FilePath) throws {
        let parent: FileDescriptor
        do {
            parent = try FileDescriptor.open(
                folder.removingLastComponent(), .readOnly, options: [.directory, .closeOnExec])
        } catch Errno.permissionDenied {
            return
        }
        try parent.closeAfter {
            guard fsync(parent.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// Empties the scratch folder; whatever lies there belonged to a server that is gone.
    ///
    /// - Returns: what could not be removed. It is in nobody's way: each job has a folder of its own, under a new name.
    func emptyScratch() throws -> [String] {
        let files = FileManager.default
        if (try? files.removeItem(atPath: scratchPath)) == nil {
            // A decoder without a sandbox may have left folders that even their owner must not change.
            Self.openFolders(scratchPath)
            try? files.removeItem(atPath: scratchPath)
        }
        try files.createDirectory(
            atPath: scratchPath, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return try files.contentsOfDirectory(atPath: scratchPath)
    }

    /// Gives the owner all rights on a folder and those below, links not followed.
    private static func openFolders(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, chmod(path, 0o700) == 0 else { return }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            openFolders("\(path)/\(name)")
        }
    }

    /// Opens the catalog beside a server that may be running.
    ///
    /// - Throws: ``CommandFailure`` when there is no catalog, unless `creating`.
    func openCatalog(creating: Bool = false, durability: Durability = .full) async throws -> SQLCatalog {
        if creating {
            try create()
        } else if !FileManager.default.fileExists(atPath: catalogPath) {
            throw CommandFailure("\(path) is no data folder: there is no catalog.sqlite in it")
        }
        do {
            return try await SQLCatalog(path: catalogPath, durability: durability)
        } catch {
            throw CommandFailure("\(catalogPath) cannot be opened: \(error)")
        }
    }
}

/// A command's failure, as a person reads it.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
