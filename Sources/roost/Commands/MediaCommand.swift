import ArgumentParser
import FileBlobStore
import Logging
import MediaCore
import NIOPosix
import SQLCatalog
import XMedia

/// The command `roost media`.
struct MediaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "media", abstract: "Tend stored media.", subcommands: [Remove.self])

    /// The command `roost media remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Erase an upload or media: its rows and its bytes.",
            discussion: "Posts stay, without the media. Beside a running server, the server erases the bytes.")

        @OptionGroup var data: DataOption

        @Argument(help: "The media id, or the media key.")
        var id: String

        func run() async throws {
            guard let mediaID = MediaKey(id)?.id ?? MediaID(id) else {
                throw ValidationError("\(id) is neither a media id nor a media key")
            }
            let folder = data.folder()
            let beside = try await Beside(folder)
            let catalog = beside.catalog
            if let owner = try await catalog.media(mediaID)?.ownerID {
                try await beside.audit.record(
                    .mediaRemoved, userID: owner, username: try await catalog.user(owner)?.username, actor: .operator,
                    detail: ["media_id": "\(mediaID)"])
            }
            guard try await catalog.markDeleting(mediaID, owner: nil, onlyUnfinished: false) else {
                throw CommandFailure("There is no media with the id \(mediaID)")
            }
            if FolderLock.holder(ofLockAt: folder.lockPath) != nil {
                print("\(mediaID) is marked; the running server erases its bytes within seconds")
                return
            }
            let namer = BlobNamer()
            let lock = try await FolderLock(path: folder.lockPath, note: namer.bootID)
            defer { withExtendedLifetime(lock) {} }
            let blobs = try await FileBlobStore(
                root: folder.blobsPath, durability: .full, threadPool: .singleton)
            try await Sweeper(
                catalog: catalog, blobs: blobs, clock: SystemClock(), bootID: namer.bootID, discards: JobSignal(),
                logger: Logger(label: "roost")
            ).sweep()
            guard try await catalog.media(mediaID) == nil else {
                throw CommandFailure("\(mediaID) is marked, but its bytes could not be erased; the server tries again")
            }
            print("\(mediaID) is erased")
        }
    }
}
