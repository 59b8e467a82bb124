import FoundationEssentials
import MediaCore
import MediaRules
import Testing

@testable import MediaProcessing

@Suite("One encoder, several files")
struct TeeTests {
    @Test("the files may stand in a folder of any name", arguments: ["plain", #"we'i|r[d] a:b\c=d,e"#])
    func folder(name: String) async throws {
        let workshop = try Workshop(kind: .off)
        let folder = workshop.path(name)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let size = FrameSize(width: 64, height: 36)
        let encoding = Encoding(
            graph: FilterGraph(frameRate: .init(30, 1), sizes: [size]), channels: 1, longestSeconds: 9, threads: 1,
            hasHLS: true)
        let input = ["-f", "lavfi", "-i", "testsrc2=s=64x36:r=30:d=5[out0];sine=d=5[out1]"]
        let result = try await DecoderRunner(sandbox: workshop.sandbox).run(
            DecoderCommand(
                program: workshop.tools.ffmpeg, arguments: encoding.arguments(input: input, folder: folder),
                input: folder, output: folder,
                limits: .rendering(mediaSeconds: 5, inputBytes: 0, threads: 1, nice: 0)))
        #expect(result.exit == .succeeded, "\(result.complaint)")
        let stream = try #require(FileManager.default.contents(atPath: "\(folder)/\(HLSPackaging.fileName(size))"))
        let text = try String(contentsOfFile: "\(folder)/\(HLSPackaging.playlistName(size))", encoding: .utf8)
        let playlist = try #require(MediaPlaylist(text, fileSize: Int64(stream.count)))
        #expect(playlist.segments.map { $0.duration.rounded() } == [4, 1])
        #expect(playlist.segments.last.map { $0.offset + $0.length } == Int64(stream.count))
        let mp4 = try await workshop.look(at: "\(folder)/\(Encoding.fileName(size))")
        #expect(mp4.video?.width == 64 && mp4.audio?.channels == 1)
    }
}
