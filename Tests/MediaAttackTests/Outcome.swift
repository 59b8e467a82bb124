import Foundation
import NIOHTTP1
import ProgramSupport

/// What became of an upload, as its client sees it.
struct Outcome: Sendable {
    /// `succeeded` or `failed`; `refused` when initialize or finalize said no.
    var state: String
    /// The rules that were broken, in order.
    var rules: [String]
    /// All that was said of the reason.
    var messages: [String]
    /// The media's id, when initialize gave one.
    var id: String?
    /// From the first request to the final state.
    var seconds: Double

    /// Whether a client knows why there is no media.
    var hasReason: Bool { !messages.isEmpty && messages.allSatisfy { !$0.isEmpty } }
}

/// The members of answers that tell an outcome.
struct StatusAnswer: Decodable {
    struct Item: Decodable {
        var message: String?
        var rule: String?
    }

    struct Failure: Decodable {
        var message: String
    }

    struct Processing: Decodable {
        var state: String
        var error: Failure?
    }

    struct Upload: Decodable {
        var id: String?
        var processing_info: Processing?
    }

    var data: Upload?
    var errors: [Item]?
    var detail: String?
}

extension APIClient {
    /// Uploads in segments and waits until the media is there or is refused.
    ///
    /// - Parameter seconds: catches a hang.
    func process(
        _ bytes: [UInt8], _ category: String, _ type: String? = nil, within seconds: Double = 300
    ) async throws -> Outcome {
        let began = Date()
        func outcome(_ state: String, _ answer: Answer, id: String? = nil) throws -> Outcome {
            let said = try answer.json(StatusAnswer.self)
            let items = said.errors ?? []
            let messages = items.compactMap(\.message) + [said.data?.processing_info?.error?.message].compactMap { $0 }
            return Outcome(
                state: state, rules: items.compactMap(\.rule), messages: messages, id: id,
                seconds: Date().timeIntervalSince(began))
        }
        let mediaType = type.map { #""media_type":"\#($0)","# } ?? ""
        let initialized = try await json(
            .POST, "/2/media/upload/initialize",
            #"{\#(mediaType)"media_category":"\#(category)","total_bytes":\#(bytes.count)}"#)
        guard initialized.status == 200, let id = try initialized.json(StatusAnswer.self).data?.id else {
            return try outcome("refused", initialized)
        }
        for segment in Data(bytes).segments(of: 4 << 20) {
            let answer = try await append(id, index: segment.index, segment.bytes)
            guard answer.status == 200 else { return try outcome("refused", answer, id: id) }
        }
        let finalized = try await finalize(id)
        guard finalized.status == 200 else { return try outcome("refused", finalized, id: id) }
        while true {
            let answer = try await send(.GET, "/2/media/upload?command=STATUS&media_id=\(id)")
            let state = try answer.json(StatusAnswer.self).data?.processing_info?.state ?? "unknown"
            if state == "succeeded" || state == "failed" { return try outcome(state, answer, id: id) }
            guard Date().timeIntervalSince(began) < seconds else {
                return try outcome("hangs: \(state)", answer, id: id)
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }
}

/// A server with its client, and where its files are.
struct Attacked {
    let folder: TemporaryFolder
    let server: RoostProcess
    let api: APIClient

    init(arguments: [String] = [], environment: [String: String] = [:], in folder: TemporaryFolder? = nil) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        server = try RoostProcess(data: "\(folder.path)/data", arguments: arguments, environment: environment)
        api = APIClient(url: server.url, token: try server.token())
    }

    /// Environments in which decoders run in namespaces, and behind Landlock.
    static let walls: [[String: String]] = [[:], ["ROOST_BWRAP": "/nowhere/bwrap"]]

    /// The contents of all files in a folder of the blobs: `renditions` or `originals`.
    func blobs(_ kind: String) -> [[UInt8]] {
        let root = "\(server.data)/blobs"
        let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.contains("\(kind)/") }.compactMap { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder), !isFolder.boolValue
            else { return nil }
            return FileManager.default.contents(atPath: "\(root)/\(path)").map { Array($0) }
        }
    }

    /// What processing has left behind; waits for the background's end.
    func scratchLeft() async throws -> [String] {
        for _ in 0..<300 {
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/scratch")
            if names.isEmpty { return [] }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/scratch")
    }

    /// Whether the background has nothing to do any more.
    func waitForBackground() async throws {
        for _ in 0..<600 {
            let metrics = try await api.send(.GET, "/metrics", authorized: false).text
            let jobs = metrics.split(separator: "\n").filter { $0.hasPrefix("roost_jobs{") }
            if jobs.allSatisfy({ $0.hasSuffix(" 0") || $0.hasSuffix(" 0.0") }) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw RoostProcess.Failure(description: "jobs are left")
    }
}
