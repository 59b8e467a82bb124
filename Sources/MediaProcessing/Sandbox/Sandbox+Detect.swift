import FoundationEssentials

extension Sandbox {
    /// Finds the strongest sandbox that works here, by running a program in it.
    ///
    /// Takes some milliseconds; called once at start.
    ///
    /// - Throws: when the mode's demands cannot be met, or a tool is missing.
    package static func detect(_ mode: SandboxMode, tools: ToolPaths) async throws(SandboxUnavailable) -> Sandbox {
        for tool in [tools.ffmpeg, tools.ffprobe, tools.launcher]
        where !FileManager.default.isExecutableFile(atPath: tool) {
            throw SandboxUnavailable(description: "\(tool) is not there or cannot be executed")
        }
        let kinds: [Kind] =
            switch mode {
            case .auto: [.bubblewrap, .landlock]
            case .required: [.bubblewrap]
            case .off: [.off]
            }
        var reasons: [String] = []
        let system = SystemFolders.find()
        for kind in kinds {
            let sandbox = Sandbox(kind: kind, tools: tools, system: system)
            guard let reason = await sandbox.failure() else { return sandbox }
            reasons.append("\(kind): \(reason)")
        }
        throw SandboxUnavailable(description: "no sandbox works here (\(reasons.joined(separator: "; ")))")
    }

    /// Runs `true` inside; nil when that works, otherwise what went wrong.
    private func failure() async -> String? {
        if kind == .bubblewrap, !FileManager.default.isExecutableFile(atPath: tools.bubblewrap) {
            return "\(tools.bubblewrap) is not there"
        }
        let command = DecoderCommand(
            program: "/usr/bin/true", arguments: [], input: nil, output: nil, limits: .probe)
        do {
            let result = try await DecoderRunner(sandbox: self).run(command)
            return result.exit == .succeeded ? nil : result.complaint
        } catch {
            return "\(error)"
        }
    }
}
