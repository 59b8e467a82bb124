#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The command lines. Each starts our launcher, which sets limits and filter and becomes the decoder.
extension Sandbox {
    /// Returns the whole command line, the program first.
    func commandLine(_ command: DecoderCommand) -> [String] {
        switch kind {
        case .bubblewrap: bubblewrap(command) + launch(command, [], launcher: "/sandbox")
        case .landlock: launch(command, landlock(command), launcher: tools.launcher)
        case .off: launch(command, [], launcher: tools.launcher)
        }
    }

    private func launch(_ command: DecoderCommand, _ walls: [String], launcher: String) -> [String] {
        let limits = command.limits
        var line = [
            launcher, "launch", "--cpu", "\(limits.cpuSeconds)", "--memory", "\(limits.memoryBytes)",
            "--file-size", "\(limits.outputBytes)", "--open-files", "\(limits.openFiles)", "--nice", "\(limits.nice)",
        ]
        // In a pid namespace the parent is number 1, and bubblewrap watches over its death.
        if kind != .bubblewrap { line += ["--parent", "\(getpid())"] }
        if kind != .off { line += ["--seccomp", "decoder"] }
        return line + walls + ["--", command.program] + command.arguments
    }

    private func bubblewrap(_ command: DecoderCommand) -> [String] {
        var line = [tools.bubblewrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        for folder in system.folders { line += ["--ro-bind", folder, folder] }
        for link in system.links { line += ["--symlink", link.destination, link.path] }
        // No more devices than these: with `--dev` comes a writable memory file system without a bound.
        for device in ["/dev/null", "/dev/urandom"] { line += ["--dev-bind", device, device] }
        line += ["--ro-bind", tools.launcher, "/sandbox"]
        if let input = command.input { line += ["--ro-bind", input, "/in/media"] }
        if !system.contains(command.program) { line += ["--ro-bind", command.program, command.program] }
        if let output = command.output { line += ["--bind", output, "/out"] }
        // The root itself is a memory file system too.
        return line + ["--remount-ro", "/", "--chdir", "/", "--"]
    }

    private func landlock(_ command: DecoderCommand) -> [String] {
        let readable = system.folders + ["/dev/urandom", command.program] + (command.input.map { [$0] } ?? [])
        let writable = ["/dev/null"] + (command.output.map { [$0] } ?? [])
        return readable.flatMap { ["--landlock-ro", $0] } + writable.flatMap { ["--landlock-rw", $0] }
    }
}
