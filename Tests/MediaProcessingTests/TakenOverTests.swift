import FoundationEssentials
import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

/// Decoders that say what is not true: whatever it is, the tries are bounded and the server goes on.
@Suite("Decoder that lies", .imagingPool)
struct TakenOverTests {
    /// Puts a shell script in the place of a program.
    static func stub(
        _ place: any WritableKeyPath<ToolPaths, String> & Sendable, _ script: String
    ) -> (inout ToolPaths, String) throws -> Void {
        { tools, folder in
            let path = "\(folder)/stub"
            try Data("#!/bin/bash\n\(script)\n".utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            tools[keyPath: place] = path
        }
    }

    @Test(
        "\"I was not started\" is a strike when the decoder starts without the file, else our own fault",
        arguments: [125, 126, 127])
    func notStarted(_ status: Int) async throws {
        let lying = try await Workshop(
            .auto, tools: Self.stub(\.ffmpeg, "[ \"$1\" = -version ] && exit 0; exit \(status)"))
        let original = try await lying.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await lying.judge(original) }
        guard case .decoderFailed = error else { Issue.record("\(String(describing: error))"); return }

        let broken = try await Workshop(.auto, tools: Self.stub(\.ffmpeg, "exit \(status)"))
        let ours = await #expect(throws: ProcessingError.self) { try await broken.judge(original) }
        guard case .unavailable = ours else { Issue.record("\(String(describing: ours))"); return }
    }

    @Test(
        "that nothing can be written is a strike while something can",
        arguments: ["No space left on device", "Disk quota exceeded", "Read-only file system"])
    func noSpace(words: String) async throws {
        let script = "echo 'av_interleaved_write_frame(): \(words)' >&2; exit 1"
        let workshop = try await Workshop(.auto, tools: Self.stub(\.ffmpeg, script))
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        guard case .decoderFailed(let message) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(message.contains("could not write"))
        #expect(FreeSpace.isShort(in: "/proc"), "a file system without any space is short of it")
        let folder = workshop.folder
        #expect(!FreeSpace.isShort(in: folder))
        // As a quota would: there is space, but none for us.
        let trial = "\(folder).trial"
        try FileManager.default.createDirectory(atPath: trial, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: trial) }
        #expect(FreeSpace.isShort(in: folder), "a folder that takes no file is short of space")
    }

    @Test("a decoder that fills its own folder with names of ours makes no disk short")
    func trialInTheFolder() async throws {
        let script = """
            for out; do :; done; for name in trial .trial; do : > "${out%/*}/$name"; done
            echo 'No space left on device' >&2; exit 1
            """
        let workshop = try await Workshop(.auto, tools: Self.stub(\.ffmpeg, script))
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        guard case .decoderFailed = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test(
        "what a decoder lacks is a strike, not a verdict",
        arguments: [
            "Error while opening decoder for input stream #0:0 : Resource temporarily unavailable",
            "Error while opening encoder for output stream #0:0 - maybe incorrect parameters", "Cannot allocate memory",
            "/in/media: Too many open files",
        ],
        [false, true])
    func lack(words: String, ofProbe: Bool) async throws {
        let workshop = try await Workshop(
            .auto, tools: Self.stub(ofProbe ? \.ffprobe : \.ffmpeg, "echo '\(words)' >&2; exit 1"))
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        guard case .decoderFailed = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test("a decoder that somebody ends is a strike", arguments: ["exit 255", "kill -TERM $$"])
    func ended(script: String) async throws {
        let workshop = try await Workshop(.auto, tools: Self.stub(\.ffmpeg, script))
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        guard case .decoderFailed(let message) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(message.contains("from outside"))
    }

    @Test("an I/O error that the original does not have is the file's")
    func inputError() async throws {
        let script = "echo '/in/media: Input/output error' >&2; exit 1"
        let workshop = try await Workshop(.auto, tools: Self.stub(\.ffmpeg, script))
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        guard case .refused = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test("an output that is a link, a folder or nothing at all is no output", arguments: ["ln -s", "mkdir", ":"])
    func outputs(_ make: String) async throws {
        // Without walls, where it can be made.
        let workshop = try await Workshop(.off) { tools, folder in
            let canary = make == "ln -s" ? "\(folder)/canary" : ""
            try Data("canary".utf8).write(to: URL(filePath: "\(folder)/canary"))
            let script = """
                for name; do case $name in file:*) ;; */original.mp4|*/still.jpg) \(make) \(canary) $name;; esac; done
                echo frame=30; echo out_time_us=1000000; echo progress=end
                """
            try Self.stub(\.ffmpeg, script)(&tools, folder)
        }
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        #expect(error?.rules == ["video.decodable"])
    }

    @Test("numbers without measure in its progress neither trap nor count")
    func progress() {
        let reports = Reports()
        let meter = ProgressMeter(expectedSeconds: 10, report: { reports.append($0, $1) })
        for line in [
            "out_time_us=inf", "out_time_us=nan", "out_time_us=1e300", "out_time_us=-9e99", "speed=1e-300x",
            "speed=infx", "speed=nanx", "speed=1e300x", "frame=99999999999999999999", "progress=continue",
            "out_time_us=5000000", "speed=2x", "progress=continue",
        ] { meter.append(line: line) }
        #expect(reports.all.map(\.percent) == [0, 50])
        #expect(reports.all.map(\.remaining) == [nil, .seconds(2.5)])
    }

    @Test("times at both ends of 64 bits do not trap")
    func times() {
        let (most, least) = (Int64.max, Int64.min)
        for times in [[least, 0, most], [least, most], [0, 1, 2, most, least], [-1, most, 1, 2, 3, 4]] {
            let timeline = ParsingTests.timeline(times.map { (Int($0), true) })
            #expect(timeline.isVariableFrameRate != nil, "it is decided, without a trap")
        }
    }

    @Test("a playlist whose numbers exceed its file is none")
    func playlists() {
        func playlist(map: String, duration: String = "4", range: String) -> MediaPlaylist? {
            MediaPlaylist(
                """
                #EXTM3U
                #EXT-X-MAP:URI="a",BYTERANGE="\(map)"
                #EXTINF:\(duration),
                #EXT-X-BYTERANGE:\(range)
                a
                """, fileSize: 1000)
        }
        #expect(playlist(map: "100@0", range: "900@100") != nil)
        #expect(playlist(map: "9223372036854775807@0", range: "1@9223372036854775807") == nil)
        #expect(playlist(map: "100@0", range: "9223372036854775807@100") == nil)
        for duration in ["inf", "nan", "1e300", "-1"] {
            #expect(playlist(map: "100@0", duration: duration, range: "900@100") == nil)
        }
    }

    @Test(
        "numbers without measure in what ffprobe says neither trap nor pass",
        arguments: [
            #""width":9223372036854775807,"height":9223372036854775807"#,
            #""width":-9223372036854775808,"height":64"#,
            #""width":64,"height":64,"sample_aspect_ratio":"9223372036854775807:1""#,
            #""width":64,"height":64,"avg_frame_rate":"9223372036854775807/1","r_frame_rate":"-1/-9223372036854775808""#,
            #""width":64,"height":64,"side_data_list":[{"rotation":1e300}]"#,
        ])
    func facts(_ stream: String) async throws {
        let document = """
            {"streams":[{"codec_type":"video","codec_name":"h264","pix_fmt":"yuv420p","has_b_frames":2,\(stream)}],
            "format":{"duration":"1e308","bit_rate":"9223372036854775807"}}
            """
        let workshop = try await Workshop(.auto, tools: Self.stub(\.ffprobe, "echo '\(document)'"))
        let original = try await workshop.compliant(seconds: 1)
        // Judged by what was said, or converted by the real ffmpeg.
        _ = try? await workshop.judge(original)
        let probe = VideoProbe(runner: DecoderRunner(sandbox: workshop.sandbox))
        let facts = try await probe.facts(of: original, .mp4)
        #expect(facts.durationMs == nil && facts.picture?.rotation == 0)
        _ = RuleBook(profile: .x).judge(video: facts, bytes: 1000, category: .tweetVideo)
    }
}
