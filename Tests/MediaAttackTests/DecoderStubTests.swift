import Foundation
import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing

/// Scripts in the place of decoders: whatever they do, the media fails with a reason after bounded tries, and everything
/// else goes on.
@Suite("Decoders that misbehave")
struct DecoderStubTests {
    /// One script, and what its media fails with.
    struct Stub: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// `ROOST_FFMPEG`, `ROOST_FFPROBE` or `ROOST_IMAGING`.
        let place: String
        let script: String
        /// A part of the reason.
        let reason: String
        var isHeavy = false
    }

    /// Says that it is there, and waits for the first image.
    private static let image = "printf 'ready 1\\n' >&0; read -r -n 1"

    static let all: [Stub] = [
        Stub(testDescription: "ffmpeg crashes", place: "ROOST_FFMPEG", script: "kill -SEGV $$", reason: "crashed"),
        Stub(
            testDescription: "ffmpeg says that it was not started", place: "ROOST_FFMPEG",
            script: "[ \"$1\" = -version ] && exit 0; exit 125", reason: "gave up"),
        Stub(
            testDescription: "ffmpeg wants all memory", place: "ROOST_FFMPEG",
            script: "exec /usr/bin/perl -e '$x = \"a\" x 7_000_000_000'", reason: "cannot be decoded"),
        Stub(
            testDescription: "ffmpeg forks", place: "ROOST_FFMPEG", script: "while :; do (:) & done; exit 1",
            reason: "cannot be decoded"),
        Stub(
            testDescription: "ffmpeg fills the disk", place: "ROOST_FFMPEG",
            script: """
                out=/out; for name; do case $name in file:*) ;; /*.mp4) out=${name%/*};; esac; done
                printf -v block '%01000000d' 0; i=0
                while :; do i=$((i+1)); for n in 1 2 3 4 5 6 7 8; do echo $block >> $out/$i; done; done
                """, reason: "wrote"),
        Stub(
            testDescription: "ffmpeg talks without end", place: "ROOST_FFMPEG",
            script: "while :; do echo frame=1; echo complaint >&2; done", reason: "longer", isHeavy: true),
        Stub(
            testDescription: "ffmpeg hangs", place: "ROOST_FFMPEG", script: "exec /usr/bin/sleep 100000",
            reason: "longer", isHeavy: true),
        Stub(
            testDescription: "ffmpeg makes nothing and is content", place: "ROOST_FFMPEG",
            script: "echo frame=30; echo out_time_us=inf; echo speed=1e-300x; echo progress=end",
            reason: "cannot be decoded"),
        Stub(testDescription: "ffprobe crashes", place: "ROOST_FFPROBE", script: "kill -ABRT $$", reason: "crashed"),
        Stub(
            testDescription: "ffprobe talks without end", place: "ROOST_FFPROBE",
            script: "printf -v x '%0100000d' 0; while :; do echo $x; done", reason: "more about the file"),
        Stub(
            testDescription: "ffprobe says nonsense", place: "ROOST_FFPROBE", script: "echo '{\"streams\":7}'",
            reason: "cannot be decoded"),
        Stub(
            testDescription: "the image helper crashes", place: "ROOST_IMAGING", script: "\(image); kill -SEGV $$",
            reason: "crashed"),
        Stub(
            testDescription: "the image helper blames itself", place: "ROOST_IMAGING",
            script: "\(image); printf 'error internal no reason\\n' >&0; read -r -n 1", reason: "failed"),
        Stub(
            testDescription: "the image helper says that the disk is full", place: "ROOST_IMAGING",
            script: "\(image); printf 'error internal No space left on device\\n' >&0; read -r -n 1",
            reason: "could not write"),
        Stub(
            testDescription: "the image helper says nonsense", place: "ROOST_IMAGING",
            script: "\(image); printf 'ok 1 1 x\\nrendition 99999 1 1\\n' >&0; read -r -n 1", reason: "failed"),
        Stub(
            testDescription: "the image helper forks and ends", place: "ROOST_IMAGING",
            script: "\(image); (:) & exit 125", reason: "gave up"),
        Stub(
            testDescription: "the image helper hangs", place: "ROOST_IMAGING", script: "\(image); read -r -t 100000",
            reason: "too long", isHeavy: true),
    ]

    static let video = Result {
        try Tool.ffmpeg(
            "a.mp4", "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0")
    }
    static let photo = Result { try Tool.ffmpeg("a.jpg", "-f lavfi -i testsrc2=s=64x64 -frames:v 1") }
    static let subtitles = Array("WEBVTT\n\n00:00.000 --> 00:01.000\nstill here\n".utf8)

    @Test("the media fails with a reason, the server and others are unharmed, nothing is left", arguments: all)
    func misbehaves(_ stub: Stub) async throws {
        guard BombTests.isCampaign || !stub.isHeavy else { return }
        for environment in BombTests.isCampaign ? Attacked.walls : [Attacked.walls[0]] {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/stub"
            try Data("#!/bin/bash\n\(stub.script)\n".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            let attacked = try Attacked(
                environment: environment.merging([stub.place: path]) { $1 }, in: folder)
            let (api, isImaging) = (attacked.api, stub.place == "ROOST_IMAGING")
            let (video, photo) = (try Self.video.get(), try Self.photo.get())

            async let bad =
                isImaging
                ? api.process(photo, "tweet_image", within: 500) : api.process(video, "tweet_video", within: 1000)
            // Meanwhile, for somebody whose media needs something else.
            let good =
                isImaging
                ? try await api.process(Self.subtitles, "subtitles", "text/vtt")
                : try await api.process(photo, "tweet_image")
            #expect(good.state == "succeeded", "\(good)")
            let outcome = try await bad
            #expect(["failed", "refused"].contains(outcome.state), "\(outcome)")
            #expect(outcome.messages.contains { $0.contains(stub.reason) }, "\(outcome)")

            #expect(try await api.send(.GET, "/healthz", authorized: false).status == 200)
            #expect(try await attacked.scratchLeft() == [])
            #expect(
                ProcessTree.descendants(of: attacked.server.pid).allSatisfy { !["sleep", "perl"].contains($0.name) })
            #expect(attacked.server.terminate() == 0)
        }
    }
}
