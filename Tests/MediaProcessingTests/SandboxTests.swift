import FoundationEssentials
import MediaCore
import MediaRules
import Testing

@testable import MediaProcessing

@Suite("Sandbox")
struct SandboxTests {
    /// Runs a script of shell builtins inside: a shell cannot start a program there.
    static func run(
        _ script: String, _ kind: Sandbox.Kind, limits change: (inout DecoderLimits) -> Void = { _ in }
    ) async throws -> (result: DecoderResult, files: Int64) {
        let workshop = try Workshop(kind: kind)
        let task = try workshop.task(try workshop.write("input", "input\n".utf8))
        _ = try workshop.write("canary", "canary\n".utf8)
        let inside = workshop.sandbox.inside(input: task.original, output: task.scratch)
        var limits = DecoderLimits(wallClock: .seconds(120), cpuSeconds: 60, outputBytes: 1 << 20)
        change(&limits)
        let text = "input=\(inside.input); out=\(inside.output); canary=\(workshop.path("canary"))\n" + script
        let command = DecoderCommand(
            program: "/bin/bash", arguments: ["-c", text], input: task.original, output: task.scratch, limits: limits)
        do {
            let result = try await DecoderRunner(sandbox: workshop.sandbox).run(command)
            return (result, FolderSize.measure(task.scratch))
        } catch {
            // Whatever happened, the scratch folder stays bounded: the limit, and what a quarter of a second can add.
            #expect(FolderSize.measure(task.scratch) < limits.outputBytes + (512 << 20))
            throw error
        }
    }

    static func message(
        _ script: String, _ kind: Sandbox.Kind, limits change: (inout DecoderLimits) -> Void
    ) async -> String? {
        let error = await #expect(throws: ProcessingError.self) { try await run(script, kind, limits: change) }
        guard case .decoderFailed(let message) = error else {
            Issue.record("\(String(describing: error))")
            return nil
        }
        return message
    }

    static let walls: [Sandbox.Kind] = [.bubblewrap, .landlock]
    static let kinds: [Sandbox.Kind] = walls + [.off]

    @Test("reads the input and writes the output folder", arguments: kinds)
    func files(_ kind: Sandbox.Kind) async throws {
        let (result, files) = try await Self.run("read -r line < $input; echo $line; echo made > $out/file", kind)
        #expect(String(decoding: result.output, as: UTF8.self) == "input\n")
        #expect(result.exit == .succeeded && files > 0)
    }

    @Test("another file cannot be read, the input not be written, nothing be made elsewhere", arguments: walls)
    func reach(_ kind: Sandbox.Kind) async throws {
        let script = """
            read -r line < $canary && echo "canary: $line"
            echo changed >> $input && echo "input changed"
            for folder in / /tmp /usr /dev /in $canary-folder; do echo x > $folder/roost-made && echo "made in $folder"; done
            echo done
            """
        let (result, _) = try await Self.run(script, kind)
        #expect(String(decoding: result.output, as: UTF8.self) == "done\n")
    }

    @Test("no network, no further process, an empty environment", arguments: walls)
    func powers(_ kind: Sandbox.Kind) async throws {
        let script = """
            exec 3<>/dev/tcp/127.0.0.1/9 || echo "no network"
            for name in ROOST_DATA HOME USER; do [ -n "${!name}" ] && echo "$name is set"; done
            (echo "a process")
            echo "after"
            """
        let (result, _) = try await Self.run(script, kind)
        #expect(String(decoding: result.output, as: UTF8.self).hasPrefix("no network\n"))
        #expect(!String(decoding: result.output, as: UTF8.self).contains("a process"))
        #expect(!String(decoding: result.output, as: UTF8.self).contains("is set"))
        #expect(result.complaint.contains("fork"))
        #expect(result.complaint.contains("Operation not permitted"))
    }

    @Test("one that hangs is killed at its time", arguments: kinds)
    func hangs(_ kind: Sandbox.Kind) async throws {
        let message = await Self.message("while :; do :; done", kind) { $0.wallClock = .seconds(1) }
        #expect(message?.contains("longer than 1 seconds") == true)
    }

    @Test("one that computes too long is killed by its processor time", arguments: kinds)
    func computes(_ kind: Sandbox.Kind) async throws {
        let message = await Self.message("while :; do :; done", kind) { $0.cpuSeconds = 1 }
        #expect(message?.contains("processor time") == true)
    }

    @Test("one that crashes is a strike", arguments: kinds)
    func crashes(_ kind: Sandbox.Kind) async throws {
        let message = await Self.message("kill -SEGV $$", kind) { _ in }
        #expect(message?.contains("signal 11") == true)
    }

    @Test("one that writes a file without end is stopped", arguments: kinds)
    func fillsFile(_ kind: Sandbox.Kind) async throws {
        let script = "while :; do echo 0123456789012345678901234567890123456789; done > $out/file"
        let message = await Self.message(script, kind) { _ in }
        #expect(message?.contains("wrote") == true)
    }

    @Test("one that writes files without end is stopped, empty ones too", arguments: kinds)
    func fillsFolder(_ kind: Sandbox.Kind) async throws {
        let script = "i=0; while :; do i=$((i+1)); : > $out/$i; done"
        let message = await Self.message(script, kind) { _ in }
        #expect(message?.contains("wrote more") == true)
    }

    @Test("one that writes large files without end is stopped, none of which is too large", arguments: kinds)
    func fillsWithLargeFiles(_ kind: Sandbox.Kind) async throws {
        let script = """
            printf -v x '%0100000d' 0; i=0
            while [ $i -lt 2000 ]; do i=$((i+1)); for n in 1 2 3 4 5 6 7 8; do echo $x; done > $out/$i; done
            while :; do :; done
            """
        let message = await Self.message(script, kind) { $0.outputBytes = 16 << 20 }
        #expect(message?.contains("wrote more") == true)
    }

    @Test("one that wants memory without end does not get it", arguments: kinds)
    func memory(_ kind: Sandbox.Kind) async throws {
        let (result, _) = try await Self.run("printf -v x '%0100000000d' 0; echo ${#x}", kind) {
            $0.memoryBytes = 64 << 20
        }
        #expect(result.exit != .succeeded)
    }

    @Test("one that talks without end is stopped, and its complaints are cut", arguments: kinds)
    func talks(_ kind: Sandbox.Kind) async throws {
        let said = await Self.message("printf -v x '%0100000d' 0; while :; do echo $x; done", kind) { _ in }
        #expect(said?.contains("more about the file") == true)
        let script = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo complaint $i >&2; done"
        let (result, _) = try await Self.run(script, kind)
        #expect(result.complaint.utf8.count < 20 << 10)
        #expect(result.complaint.hasPrefix("complaint 1\n") && result.complaint.hasSuffix("complaint 20000\n"))
    }

    @Test("cancelling kills it", arguments: kinds)
    func cancel(_ kind: Sandbox.Kind) async throws {
        let error = await #expect(throws: ProcessingError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await Self.run("while :; do :; done", kind) }
                try await Task.sleep(for: .milliseconds(300))
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        guard case .cancelled = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test("a program that is not there is our fault, not the file's", arguments: kinds)
    func missing(_ kind: Sandbox.Kind) async throws {
        let workshop = try Workshop(kind: kind)
        let input = try workshop.write("input", [])
        let command = DecoderCommand(
            program: "/usr/bin/no-such-decoder", arguments: [], input: input, output: nil, limits: .probe)
        let error = await #expect(throws: ProcessingError.self) {
            try await DecoderRunner(sandbox: workshop.sandbox).run(command)
        }
        guard case .unavailable = error else { Issue.record("\(String(describing: error))"); return }
    }
}

@Suite("Choosing a sandbox", .imagingPool)
struct SandboxChoiceTests {
    @Test("bubblewrap first; Landlock where namespaces are forbidden; neither is no start unless it is switched off")
    func fallback() async throws {
        #expect(try await Workshop(.auto).sandbox.kind == .bubblewrap)
        #expect(try await Workshop(.required).sandbox.kind == .bubblewrap)
        #expect(try await Workshop(.off).sandbox.kind == .off)

        /// What bubblewrap says where namespaces are forbidden.
        func forbid(_ tools: inout ToolPaths, _ folder: String) throws {
            tools.bubblewrap = "\(folder)/bwrap"
            let text = "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
            try Data(text.utf8).write(to: URL(filePath: tools.bubblewrap))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools.bubblewrap)
        }
        #expect(try await Workshop(.auto, tools: forbid).sandbox.kind == .landlock)
        let error = await #expect(throws: SandboxUnavailable.self) { try await Workshop(.required, tools: forbid) }
        #expect(error?.description.contains("No permissions to create new namespace") == true)
    }

    @Test("a missing tool is said at start")
    func missingTool() async throws {
        let error = await #expect(throws: SandboxUnavailable.self) {
            try await Workshop(.auto) { tools, _ in tools.ffprobe = "/nowhere/ffprobe" }
        }
        #expect(error?.description.contains("/nowhere/ffprobe") == true)
    }

    @Test(
        "a decoder outside of the system's folders works: a stub that crashes is a strike",
        arguments: [
            SandboxMode.auto, .off,
        ])
    func stub(_ mode: SandboxMode) async throws {
        let workshop = try await Workshop(mode) { tools, folder in
            tools.ffmpeg = "\(folder)/ffmpeg"
            try Data("#!/bin/sh\nkill -SEGV $$\n".utf8).write(to: URL(filePath: tools.ffmpeg))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools.ffmpeg)
        }
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        guard case .decoderFailed = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test("a whole video in each sandbox", arguments: SandboxTests.kinds)
    func each(_ kind: Sandbox.Kind) async throws {
        let workshop = try Workshop(kind: kind)
        let media = try await workshop.judge(try await workshop.compliant(seconds: 1))
        #expect(media.renditions.map(\.role) == [.mp4, .poster])
    }
}
