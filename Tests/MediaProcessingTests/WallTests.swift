import FoundationEssentials
import HostileMedia
import MediaCore
import MediaRules
import Testing

@testable import MediaProcessing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a decoder tries whose file has taken it over.
@Suite("Walls around a decoder that was taken over")
struct WallTests {
    static let walls: [Sandbox.Kind] = [.bubblewrap, .landlock]

    /// Tries everything and prints the name of what worked.
    ///
    /// Harmless where it works: it changes nothing but the canary.
    ///
    /// Landlock knows nothing of modes, owners, times, attributes, limits and signals, and there is no namespace.
    static let attempts = #"""
        use Socket; use Fcntl;
        my ($canary, $out, $victim) = @ARGV;
        sub tried { my ($name, $worked) = @_; print "$name\n" if $worked }
        sub call { my $name = shift; my $n = shift; my $r = syscall($n, @_); tried($name, $r != -1) }
        $| = 1;
        my ($empty, $attribute, $value, $mask) = ("\0" x 64, "user.roost", "x", "\xFF" x 128);
        tried("chmod", chmod(0777, $canary));
        call("fchmodat2", 452, -100, $canary, 0777, 0);
        tried("chown", chown($<, $( + 0, $canary));
        tried("utime", utime(1, 1, $canary));
        call("setxattr", 188, $canary, $attribute, $value, 1, 0);
        call("setxattrat", 463, -100, $canary, 0, $attribute, pack("QLL", unpack("Q", pack("P", $value)), 1, 0), 16);
        call("file_setattr", 469, -100, $canary, $empty, 24, 0);
        tried("read", open(my $r, "<", $canary));
        tried("append", open(my $a, ">>", $canary));
        tried("truncate", truncate($canary, 1));
        tried("link", link($canary, "$out/link"));
        tried("symlink", symlink($canary, "$out/symlink"));
        tried("mkdir", mkdir("$out/folder", 0));
        tried("make", open(my $m, ">", "$canary.made"));
        tried("rename", rename($canary, "$canary.renamed") && rename("$canary.renamed", $canary));
        call("prlimit", 302, $victim + 0, 4, 0, $empty);
        tried("setpriority", eval { setpriority(0, $victim, getpriority(0, $victim)) });
        call("setpriority of all", 141, 2, 0, 19) if $< != 0;
        call("sched_setaffinity", 203, $victim + 0, 128, $mask);
        call("ioprio_set", 251, 1, $victim + 0, 0);
        tried("kill", kill(0, $victim));
        call("tkill", 200, $victim + 0, 0);
        call("rt_sigqueueinfo", 129, $victim + 0, 0, $empty);
        tried("fcntl owner", fcntl(STDOUT, 8, $victim + 0));
        tried("fcntl signal", fcntl(STDOUT, 10, 9));
        call("pidfd_open", 434, $victim + 0, 0);
        call("outlive", 157, 1, 0, 0, 0, 0);
        call("setpgid", 109, 0, getpgrp($victim));
        tried("socket", socket(my $s, PF_INET, SOCK_STREAM, 0));
        tried("unix socket", socket(my $u, PF_UNIX, SOCK_STREAM, 0));
        my $memory = shmget(0, 4096, 0600);
        tried("shmget", defined $memory); shmctl($memory, 0, 0) if defined $memory;
        my $queue = msgget(0, 0600);
        tried("msgget", defined $queue); msgctl($queue, 0, 0) if defined $queue;
        call("inotify", 294, 0);
        my $child = fork(); exit 0 if defined $child && $child == 0;
        tried("fork", defined $child);
        tried("unlink", unlink($canary));
        tried("done", 1);
        """#

    static func attack(_ kind: Sandbox.Kind) async throws -> (worked: [String], canary: String?) {
        let workshop = try Workshop(kind: kind)
        let task = try workshop.task(try workshop.write("input", "input\n".utf8))
        let canary = try workshop.write("canary", "canary\n".utf8)
        let before = try Self.status(canary)
        let output = workshop.sandbox.inside(input: task.original, output: task.scratch).output
        let command = DecoderCommand(
            program: "/usr/bin/perl", arguments: ["-e", attempts, canary, output, "\(getpid())"],
            input: task.original, output: task.scratch,
            limits: DecoderLimits(wallClock: .seconds(60), cpuSeconds: 30, outputBytes: 1 << 20))
        let result = try await DecoderRunner(sandbox: workshop.sandbox).run(command)
        let worked = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
        return (worked, try? Self.status(canary) == before ? "unchanged" : "changed")
    }

    /// Mode, owner, times, size, links and contents.
    static func status(_ path: String) throws -> String {
        let file = try FileManager.default.attributesOfItem(atPath: path)
        let facts = [FileAttributeKey.posixPermissions, .ownerAccountID, .modificationDate, .size, .referenceCount]
        return facts.map { "\(file[$0] ?? "")" }.joined(separator: " ")
            + String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    #if arch(x86_64)
        @Test("files, processes and names of others are out of reach", arguments: walls)
        func reach(_ kind: Sandbox.Kind) async throws {
            let (worked, canary) = try await Self.attack(kind)
            #expect(worked == ["done"])
            #expect(canary == "unchanged")
        }

        @Test("without walls the same attempts work: they are real ones")
        func attemptsAreReal() async throws {
            let (worked, canary) = try await Self.attack(.off)
            // Priority and processors of a process with capabilities are out of reach for one without already.
            let expected: Set = [
                "chmod", "utime", "read", "append", "truncate", "link", "symlink", "mkdir", "make", "rename", "prlimit",
                "kill", "fcntl owner", "fcntl signal", "outlive", "socket",
                "shmget",
                "msgget", "inotify", "fork", "unlink", "done",
            ]
            #expect(expected.subtracting(worked).isEmpty)
            #expect(canary == nil)
        }
    #endif

    @Test("even a decoder that is allowed every protocol reaches no other file and no address", arguments: walls)
    func references(_ kind: Sandbox.Kind) async throws {
        let workshop = try Workshop(kind: kind)
        let listener = try Listener()
        let canary = try await workshop.make(
            "canary.ts", "-f lavfi -i color=c=red:s=64x64:d=1 -c:v libx264 -preset ultrafast")
        for file in References(canary: canary, port: listener.port).files where file.demuxer != nil {
            let original = try workshop.write("list", file.bytes)
            let task = try workshop.task(original)
            let result = try await Self.follow(file, task, workshop.sandbox)
            #expect(result.exit != .succeeded || !file.isLocal, "\(file.name)")
            let stolen = "\(task.scratch)/stolen.ts"
            #expect(Workshop.size(stolen) == 0, "\(file.name)")
            #expect(listener.connections() == 0, "\(file.name)")
        }
    }

    @Test("without walls the references are followed: the attacks are real ones")
    func referencesAreReal() async throws {
        let workshop = try Workshop(kind: .off)
        let listener = try Listener()
        let canary = try await workshop.make(
            "canary.ts", "-f lavfi -i color=c=red:s=64x64:d=1 -c:v libx264 -preset ultrafast")
        var followed: [String] = []
        var knocked: [String] = []
        for file in References(canary: canary, port: listener.port).files
        where ["HLS, absolute", "ffconcat", "HLS, http:", "ffconcat of an address"].contains(file.name) {
            let task = try workshop.task(try workshop.write("list", file.bytes))
            let run = Task { try? await Self.follow(file, task, workshop.sandbox, seconds: 60) }
            let answering = Task {
                // Whoever is accepted is hung up on, so that the decoder does not wait for an answer.
                var knocks = 0
                while !Task.isCancelled {
                    knocks += listener.connections()
                    try? await Task.sleep(for: .milliseconds(20))
                }
                return knocks + listener.connections() > 0
            }
            _ = await run.value
            answering.cancel()
            if await answering.value { knocked.append(file.name) }
            if Workshop.size("\(task.scratch)/stolen.ts") > 0 { followed.append(file.name) }
        }
        #expect(followed == ["HLS, absolute", "ffconcat"])
        #expect(knocked == ["HLS, http:", "ffconcat of an address"])
    }

    /// Copies what a file leads to, with every safeguard of ours switched off but the walls.
    static func follow(
        _ file: References.File, _ task: ProcessingTask, _ sandbox: Sandbox, seconds: Int = 20
    ) async throws -> DecoderResult {
        let inside = sandbox.inside(input: task.original, output: task.scratch)
        var arguments = [
            "-v", "error", "-y", "-protocol_whitelist", "file,http,tcp,udp,rtp,crypto,data,concat,subfile,async,cache",
        ]
        switch file.demuxer {
        case "hls": arguments += ["-f", "hls", "-allowed_extensions", "ALL"]
        case "concat": arguments += ["-f", "concat", "-safe", "0"]
        case let other?: arguments += ["-f", other]
        case nil: break
        }
        arguments += ["-i", inside.input, "-c", "copy", "-t", "1", "\(inside.output)/stolen.ts"]
        return try await DecoderRunner(sandbox: sandbox).run(
            DecoderCommand(
                program: sandbox.tools.ffmpeg, arguments: arguments, input: task.original, output: task.scratch,
                limits: DecoderLimits(wallClock: .seconds(seconds), cpuSeconds: 20, outputBytes: 1 << 24)))
    }
}
