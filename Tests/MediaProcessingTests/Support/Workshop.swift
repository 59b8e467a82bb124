import FoundationEssentials
import Logging
import MediaCore
import MediaRules
import NIOPosix
import Subprocess
import SystemPackage
import XMedia

@testable import MediaProcessing

/// A folder of its own for one test, a processor, and what makes fixtures.
///
/// The folder goes when the test ends.
final class Workshop: Sendable {
    let folder: String
    let tools: ToolPaths
    let sandbox: Sandbox

    init(_ mode: SandboxMode = .auto, tools change: (inout ToolPaths, String) throws -> Void = { _, _ in }) async throws
    {
        folder = "\(FileManager.default.temporaryDirectory.path)/roost-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do {
            var tools = ToolPaths(programsIn: Self.programs)
            try change(&tools, folder)
            self.tools = tools
            sandbox = try await Sandbox.detect(mode, tools: tools)
        } catch {
            // There is no `deinit` of what was never made.
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    /// With a given sandbox instead of a detected one.
    init(kind: Sandbox.Kind) throws {
        folder = "\(FileManager.default.temporaryDirectory.path)/roost-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        tools = ToolPaths(programsIn: Self.programs)
        sandbox = Sandbox(kind: kind, tools: tools, system: .find())
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Where the build put our programs: beside the test program.
    static let programs: String = {
        let arguments = CommandLine.arguments
        // swift test runs a helper with the bundle as an argument, or the bundle itself.
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        var folder = FilePath(bundle).removingLastComponent()
        // macOS: ….xctest/Contents/MacOS/…; Linux: ….xctest
        while folder.components.contains(where: { $0.extension == "xctest" }) { folder.removeLastComponent() }
        return folder.string
    }()

    /// A processor with the suite's image workers; without them, pictures cannot be made.
    var processor: SandboxedMediaProcessor {
        let logger = Logger(label: "test")
        let none = ImagingPool(ImagingPool.Configuration(command: ["none"], helpers: 1), logger: logger)
        return SandboxedMediaProcessor(
            sandbox: sandbox, imaging: ImagingPoolTrait.pool ?? none, rules: RuleBook(profile: .x), threads: 2,
            threadPool: .singleton, logger: logger)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Makes a file with ffmpeg and returns its path.
    func make(_ name: String, _ arguments: String) async throws -> String {
        let path = path(name)
        let words = arguments.split(separator: " ").map(String.init)
        let result = try await Subprocess.run(
            .name("ffmpeg"), arguments: Arguments(["-v", "error", "-nostdin", "-y"] + words + [path]),
            output: .discarded, error: .string(limit: 100_000))
        guard result.terminationStatus.isSuccess else { throw FixtureFailure(text: result.standardError) }
        return path
    }

    /// A short compliant video with sound.
    func compliant(seconds: Int = 2, _ name: String = "compliant.mp4") async throws -> String {
        try await make(
            name,
            "-f lavfi -i testsrc2=s=640x360:r=30:d=\(seconds) -f lavfi -i sine=d=\(seconds) -c:v libx264 -preset ultrafast "
                + "-bf 2 -pix_fmt yuv420p -metadata title=secret -metadata location=+52.5/ -c:a aac")
    }

    /// Writes a file and returns its path.
    func write(_ name: String, _ bytes: some Sequence<UInt8>, executable: Bool = false) throws -> String {
        let path = path(name)
        try Data(Array(bytes)).write(to: URL(filePath: path))
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
        return path
    }

    /// The bytes of a file, 0 when there is none.
    static func size(_ path: String) -> Int64 { (try? FileByteSource.withFile(path) { $0.size }) ?? 0 }

    func read(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path))) }

    /// A task on a file, with an empty scratch folder.
    func task(
        _ original: String, _ category: MediaCategory = .tweetVideo, declared: MediaType? = nil
    ) throws -> ProcessingTask {
        let scratch = path("scratch-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: false)
        return ProcessingTask(
            mediaID: MediaID(rawValue: 1), original: original, size: Self.size(original),
            category: category, declaredType: declared, scratch: scratch)
    }

    func judge(
        _ original: String, _ category: MediaCategory = .tweetVideo, declared: MediaType? = nil
    ) async throws(ProcessingError) -> ProcessedMedia {
        let task: ProcessingTask
        do { task = try self.task(original, category, declared: declared) } catch { throw .unavailable("\(error)") }
        return try await processor.judge(task) { _, _ in }
    }

    /// What ffprobe, outside of any sandbox and with its own guess of the type, finds in a rendition.
    func look(at path: String) async throws -> Seen {
        let result = try await Subprocess.run(
            .name("ffprobe"),
            arguments: [
                "-v", "error", "-count_packets", "-show_streams", "-show_format", "-of", "json", path,
            ], output: .bytes(limit: 1 << 20), error: .discarded)
        return try JSONDecoder().decode(Seen.self, from: Data(result.standardOutput))
    }
}

/// ffmpeg could not make a fixture.
struct FixtureFailure: Error { let text: String }

/// What ffprobe finds in a rendition.
struct Seen: Decodable {
    struct Stream: Decodable {
        var codec_type: String
        var codec_name: String?
        var profile: String?
        var pix_fmt: String?
        var width: Int?
        var height: Int?
        var sample_aspect_ratio: String?
        var avg_frame_rate: String?
        var r_frame_rate: String?
        var color_transfer: String?
        var color_space: String?
        var field_order: String?
        var channels: Int?
        var nb_read_packets: String?
        var side_data_list: [[String: Loose]]?
    }

    /// A value of any type.
    struct Loose: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    struct Format: Decodable {
        var duration: String?
        var tags: [String: String]?
    }

    var streams: [Stream]
    var format: Format

    var video: Stream? { streams.first { $0.codec_type == "video" } }
    var audio: Stream? { streams.first { $0.codec_type == "audio" } }
    var seconds: Double { format.duration.flatMap(Double.init) ?? 0 }
}

extension ProcessedMedia {
    func rendition(_ role: Rendition.Role) -> ProducedRendition? { renditions.first { $0.role == role } }
}

extension ProcessingError {
    /// The names of the rules that refuse.
    var rules: [String] {
        switch self {
        case .refused(let broken), .unsupported(let broken): broken.map(\.rule)
        case .decoderFailed, .unavailable, .cancelled: []
        }
    }
}
