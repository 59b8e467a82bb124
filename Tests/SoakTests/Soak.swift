import Foundation
import NIOHTTP1
import ProgramSupport
import XMedia

/// A server whose uploads live for seconds, and the clients that make them.
struct Soak {
    /// What is compared.
    struct Measure: CustomStringConvertible {
        let residentBytes: Int
        /// Of these the program's own memory, without code and mapped files.
        let anonymousBytes: Int
        /// What was asked of the allocator and not given back.
        let usedBytes: Int
        /// What the allocator keeps of what was given back.
        let keptBytes: Int
        let threads: Int
        /// Open descriptors without those of connections.
        let files: Int
        /// Files of blobs.
        let blobs: Int
        let catalogBytes: Int

        var description: String {
            "\(residentBytes >> 20) MiB resident (\(anonymousBytes >> 20) anonymous), heap \(usedBytes >> 10) KiB used and "
                + "\(keptBytes >> 10) KiB kept, \(threads) threads, \(files) files open, \(blobs) blobs, "
                + "catalog \(catalogBytes >> 10) KiB"
        }
    }

    /// Seconds that an upload, and media without a post, last.
    static let lifetime = 6

    let folder: TemporaryFolder
    let server: RoostProcess
    private let heap: HeapWatch
    let api: APIClient

    init() throws {
        folder = try TemporaryFolder()
        heap = try HeapWatch(in: folder.path)
        server = try RoostProcess(
            data: "\(folder.path)/data",
            arguments: ["--log-level", "warning", "--durability", "process"],
            environment: [
                "ROOST_UPLOAD_LIFETIME_SECONDS": "\(Self.lifetime)", "ROOST_MEDIA_LIFETIME_SECONDS": "\(Self.lifetime)",
                "ROOST_JOB_QUEUE_LIMIT": "1000000",
            ].merging(heap.environment) { $1 })
        api = APIClient(url: server.url, token: try server.token())
    }

    /// Makes uploads, several at a time: most are left open, some replace a segment, some are given up, some are photos
    /// that are processed and served.
    func upload(_ count: Int) async throws {
        let lanes = 8
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<lanes {
                group.addTask { [api] in
                    for number in stride(from: lane, to: count, by: lanes) { try await Self.one(number, api) }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func one(_ number: Int, _ api: APIClient) async throws {
        if number % 10 == 0 { return try await photo(api) }
        let bytes = Data((0..<(200 + number % 800)).map { UInt8(truncatingIfNeeded: $0 &* number) })
        let id = try await api.initialize(bytes: bytes.count, type: "video/mp4", category: "tweet_video")
        for _ in 0...(number % 5 == 1 ? 1 : 0) {
            try expect(200, try await api.append(id, index: 0, bytes))
        }
        if number % 5 == 2 { try expect(200, try await api.send(.DELETE, "/2/media/upload/\(id)")) }
    }

    private static func photo(_ api: APIClient) async throws {
        let body = #"{"media":"\#(picture.base64EncodedString())","media_category":"tweet_image"}"#
        try expect(200, try await api.json(.POST, "/2/media/upload", body))
    }

    /// A BMP of 4×4 black pixels: BITMAPFILEHEADER, BITMAPINFOHEADER, 24 bits for each pixel
    /// (https://learn.microsoft.com/windows/win32/gdi/bitmap-storage).
    private static let picture: Data = {
        func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        var bytes: [UInt8] = [0x42, 0x4D] + little(102) + little(0) + little(54)
        bytes += little(40) + little(4) + little(4) + [1, 0, 24, 0] + little(0) + little(48)
        bytes += little(2835) + little(2835) + little(0) + little(0)
        return Data(bytes + [UInt8](repeating: 0, count: 48))
    }()

    /// On a busy machine an upload's time may be over before the next request for it comes.
    private static func expect(_ status: Int, _ answer: APIClient.Answer) throws {
        let hasExpired = answer.status == 400 && answer.text.contains("BadRequest: Not found")
        guard answer.status == status || hasExpired else {
            throw RoostProcess.Failure(description: "\(answer.status) \(answer.text)")
        }
    }

    /// Waits until the sweeper has erased everything; it comes every ten seconds.
    func waitUntilExpired() async throws {
        for _ in 0..<240 {
            let measure = try measure()
            if measure.blobs == 0, try await openUploads() == 0 { return }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw RoostProcess.Failure(description: "still there long after their time: \(try measure())")
    }

    private func openUploads() async throws -> Int {
        let text = try await api.send(.GET, "/metrics", authorized: false).text
        let line = text.split(separator: "\n").first { $0.hasPrefix("roost_open_uploads ") } ?? ""
        return Int(Double(line.split(separator: " ").last ?? "") ?? -1)
    }

    func measure() throws -> Measure {
        let facts = try ProcessFacts(pid: server.pid)
        let files = FileManager.default
        var blobs = 0
        for case let path as String in files.enumerator(atPath: "\(server.data)/blobs")?.allObjects ?? [] {
            // Folders have no dot in their names, blobs have one.
            if path.contains(".") { blobs += 1 }
        }
        let catalog = ["catalog.sqlite", "catalog.sqlite-wal"].reduce(0) { sum, name in
            let attributes = try? files.attributesOfItem(atPath: "\(server.data)/\(name)")
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
        let heap = try heap.read()
        return Measure(
            residentBytes: facts.residentBytes, anonymousBytes: facts.anonymousBytes, usedBytes: heap.used,
            keptBytes: heap.kept, threads: facts.threads,
            files: facts.descriptors.filter { $0 != "socket" }.count, blobs: blobs, catalogBytes: catalog)
    }
}
