import MediaCore
import MediaRules
import NIOPosix
import Testing
import XMedia

@testable import MediaProcessing

/// Files made to have ffmpeg open other files.
///
/// The canary is a video on the same disk; no byte of it may come out.
@Suite("Files that name other files")
struct AttackTests {
    static func playlists(naming canary: String) -> [String] {
        [
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://\(canary)\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXTINF:1,\nconcat:\(canary)\n",
            "#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,100000,,:\(canary)\n",
            "ffconcat version 1.0\nfile '\(canary)'\n",
            "<?xml version=\"1.0\"?><MPD><Period><AdaptationSet><BaseURL>file://\(canary)</BaseURL></AdaptationSet></Period></MPD>",
        ]
    }

    @Test("a playlist named .mp4 is refused by its bytes, before ffmpeg sees it")
    func sniffed() async throws {
        let workshop = try await Workshop()
        let canary = try await workshop.make("canary.ts", "-f lavfi -i color=c=red:s=64x64:d=1 -c:v libx264")
        for (number, text) in Self.playlists(naming: canary).enumerated() {
            let original = try workshop.write("\(number).mp4", text.utf8)
            let error = await #expect(throws: ProcessingError.self) {
                try await workshop.judge(original, declared: .mp4)
            }
            #expect(error?.rules == ["file.type"])
        }
    }

    @Test(
        "even where sniffing is fooled, the forced demuxer sees no playlist",
        arguments: [
            SniffedType.mp4, .webm, .mpegTS, .gif,
        ])
    func forced(_ type: SniffedType) async throws {
        let workshop = try await Workshop()
        let probe = VideoProbe(runner: DecoderRunner(sandbox: workshop.sandbox))
        let canary = try await workshop.make("canary.ts", "-f lavfi -i color=c=red:s=64x64:d=1 -c:v libx264")
        for text in Self.playlists(naming: canary) {
            let original = try workshop.write("list.mp4", text.utf8)
            let facts = try? await probe.facts(of: original, type)
            #expect(facts?.picture == nil)
        }
    }

    @Test(
        "even where ffmpeg reads a playlist, the named file is out of reach",
        arguments: [
            Sandbox.Kind.bubblewrap, .landlock,
        ])
    func walled(_ kind: Sandbox.Kind) async throws {
        let workshop = try Workshop(kind: kind)
        let canary = try await workshop.make("canary.ts", "-f lavfi -i color=c=red:s=64x64:d=1 -c:v libx264")
        let list = try workshop.write("list.m3u8", Self.playlists(naming: canary)[0].utf8)
        let task = try workshop.task(list)
        let inside = workshop.sandbox.inside(input: list, output: task.scratch)
        func copy(_ sandbox: Sandbox, _ inside: Sandbox.Inside) async throws -> DecoderResult {
            let arguments = [
                "-v", "error", "-y", "-protocol_whitelist", "file", "-f", "hls", "-allowed_extensions", "ALL",
                "-i", inside.input, "-c", "copy", "\(inside.output)/stolen.ts",
            ]
            let command = DecoderCommand(
                program: workshop.tools.ffmpeg, arguments: arguments, input: list, output: task.scratch,
                limits: .rendering(mediaSeconds: 1, inputBytes: 1000, threads: 1, nice: 0))
            return try await DecoderRunner(sandbox: sandbox).run(command)
        }
        let walled = try await copy(workshop.sandbox, inside)
        #expect(walled.exit != .succeeded)
        #expect(try await NIOThreadPool.singleton.size(of: "\(task.scratch)/stolen.ts") ?? 0 == 0)

        // Without walls the same command brings the canary: the attack is a real one.
        let open = try Workshop(kind: .off).sandbox
        #expect(try await copy(open, open.inside(input: list, output: task.scratch)).exit == .succeeded)
    }
}
