import FoundationEssentials
import MediaCore
import MediaRules
import Synchronization
import XMedia

/// Asks ffprobe what a video is.
struct VideoProbe: Sendable {
    let runner: DecoderRunner

    /// Finds out everything that headers tell; frame distances stay undecided.
    ///
    /// - Throws: `refused` when ffprobe cannot read the file; as ``DecoderRunner/run(_:)``.
    func facts(of path: String, _ type: SniffedType) async throws(ProcessingError) -> VideoFacts {
        let result = try await runner.run(command(path, type, ["-show_entries", ProbeDocument.entries, "-of", "json"]))
        guard result.exit == .succeeded else { throw try await runner.failure(result, of: path, type) }
        guard let container = type.mediaType,
            let document = try? JSONDecoder().decode(ProbeDocument.self, from: Data(result.output))
        else { throw .refused([.undecodable(type)]) }
        return VideoFacts(document, container: container)
    }

    /// Looks at all packets of the video to decide what headers do not tell: frame distances and groups of pictures.
    ///
    /// Reads the whole file once, so only asked when nothing else speaks against a remux.
    func decideTimeline(of path: String, _ type: SniffedType, _ facts: inout VideoFacts) async throws(ProcessingError) {
        let timeline = Mutex(PacketTimeline())
        // A file may claim millions of packets in a few bytes: no more are read than are looked at.
        let entries = [
            "-select_streams", "V:0", "-show_entries", "packet=pts,flags", "-of", "compact=p=0:nk=1",
            "-read_intervals", "%+#\(PacketTimeline.most)",
        ]
        let result = try await runner.run(command(path, type, entries)) { line in
            timeline.withLock { $0.append(line: line) }
        }
        guard result.exit == .succeeded else { return }
        timeline.withLock {
            facts.picture?.isVariableFrameRate = $0.isVariableFrameRate
            facts.picture?.hasOpenGOP = $0.hasOpenGOP
        }
    }

    private func command(_ path: String, _ type: SniffedType, _ arguments: [String]) -> DecoderCommand {
        let inside = runner.sandbox.inside(input: path, output: "")
        let input = DecoderInput.options(type, path: inside.input) ?? []
        return DecoderCommand(
            program: runner.sandbox.tools.ffprobe, arguments: ["-v", "error"] + arguments + input, input: path,
            output: nil, limits: .probe)
    }
}

extension BrokenRule {
    /// The decoder finds no video in the file.
    static func undecodable(_ type: SniffedType) -> BrokenRule {
        BrokenRule(
            "video.decodable", message: "The file begins as \(type.rawValue) but cannot be decoded.",
            found: "damaged or incomplete data", allowed: "a complete \(type.rawValue) file",
            fix: "Play the file to the end in a video player, export it again, and upload the result.")
    }

    /// The file ends before the duration it announces.
    static func incomplete(foundMs: Int64, expectedMs: Int64) -> BrokenRule {
        BrokenRule(
            "video.complete",
            message: "The file announces \(expectedMs) ms but holds only \(foundMs) ms that can be played.",
            found: "\(foundMs) ms", allowed: "\(expectedMs) ms",
            fix: "The file was probably cut in transfer: upload the whole file again.")
    }
}
