import Foundation
import ProgramSupport
import Synchronization
import Testing

/// A running server, and somebody who uses it honestly meanwhile.
final class Victim {
    let server: RoostProcess
    let port: Int
    let token: String
    private let folder: TemporaryFolder

    init(environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        server = try RoostProcess(data: "\(folder.path)/data", environment: environment)
        port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        token = try server.token()
    }

    var api: APIClient { APIClient(url: server.url, token: token) }
    var data: String { server.data }

    /// The server's open files.
    var openFiles: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.pid)/fd").count) ?? 0 }

    /// The server's memory in MiB.
    var residentMebibytes: Int {
        guard let file = fopen("/proc/\(server.pid)/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 200)
        let count = fread(&line, 1, line.count, file)
        let pages = String(decoding: line.prefix(count).map { UInt8($0) }, as: UTF8.self).split(separator: " ")
        return (pages.count > 1 ? Int(pages[1]) ?? 0 : 0) / 256
    }

    /// The blobs on the disk.
    var blobs: Int {
        let all = FileManager.default.enumerator(atPath: "\(data)/blobs")?.compactMap { $0 as? String } ?? []
        return all.count { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(data)/blobs/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// Waits until something holds; the deadline only catches a hang.
    func wait(_ seconds: Int = 30, until holds: () -> Bool) -> Bool {
        for _ in 0..<seconds * 20 {
            if holds() { return true }
            usleep(50_000)
        }
        return holds()
    }

    /// How long requests with a token take, each on a connection of its own.
    func probe(_ count: Int) throws -> Latency {
        var times: [Duration] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            let socket = try Socket(port: port, source: 200)
            socket.send(
                "GET /2/users/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n\r\n")
            let answer = socket.receiveAll(quiet: 30_000).text
            times.append(.now - start)
            try #require(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
        return Latency(times)
    }
}

extension Victim {
    /// As ``probe(_:)``, while ten times a second so many connections send some bytes, and close when they are answered.
    func probe(_ count: Int, during connections: Int, _ bytes: String) throws -> Latency {
        let isOver = Atomic(false)
        let port = port
        let attacker = Thread {
            while !isOver.load(ordering: .relaxed) {
                let sockets = (0..<connections).compactMap { try? Socket(port: port, source: 2 + $0 % 50) }
                for socket in sockets { socket.send(bytes, waits: false) }
                usleep(100_000)
            }
        }
        attacker.start()
        defer {
            isOver.store(true, ordering: .relaxed)
            while !attacker.isFinished { usleep(10_000) }
        }
        return try probe(count)
    }
}

/// The spread of some durations.
struct Latency: CustomStringConvertible {
    let median: Double
    let p99: Double
    let worst: Double

    init(_ times: [Duration]) {
        let sorted = times.map { Double($0.components.seconds) * 1000 + Double($0.components.attoseconds) / 1e15 }
            .sorted()
        median = sorted[sorted.count / 2]
        p99 = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        worst = sorted[sorted.count - 1]
    }

    var description: String { String(format: "median %.1f ms, p99 %.1f ms", median, p99) }
}

/// How large the attacks are: a sample in `make test`, everything by `make attack-http`.
enum Size {
    static let isFull = ProcessInfo.processInfo.environment["ROOST_ATTACK"] == "full"

    static func of(sample: Int, full: Int) -> Int { isFull ? full : sample }
}
