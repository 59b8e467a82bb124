import ArgumentParser
import FileBlobStore
import MediaCore
import NIOPosix
import SQLCatalog

/// The command `roost verify`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare every row with its bytes (length and CRC-32C), and find bytes without a row.",
        discussion:
            "Prints a line for each difference and exits with 1 when there is any. Works beside a running server.")

    @OptionGroup var data: DataOption

    func run() async throws {
        let folder = data.folder()
        let catalog = try await folder.openCatalog()
        let blobs = try await FileBlobStore(root: folder.blobsPath, durability: .full, threadPool: .singleton)
        // What a running server is writing has no row yet.
        let runningBoot = FolderLock.holder(ofLockAt: folder.lockPath)
        let summary = try await Verification(catalog: catalog, blobs: blobs, runningBoot: runningBoot).run { finding in
            print(finding)
        }
        print("\(summary.blobs) blobs, \(summary.bytes) bytes, \(summary.findings) differences")
        if summary.findings > 0 { throw ExitCode.failure }
    }
}
