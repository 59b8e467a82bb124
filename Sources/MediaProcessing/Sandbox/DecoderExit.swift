import Subprocess

/// How a decoder ended.
enum DecoderExit: Sendable, Equatable {
    /// Status 0.
    case succeeded
    /// It ended itself with a complaint about the file.
    case rejected(status: Int)
    /// A signal ended it: a crash, a limit, a forbidden system call.
    case killed(signal: Int)
    /// It was never started: launcher or bubblewrap failed.
    case notStarted

    /// Reads the end of a run.
    ///
    /// Bubblewrap has no exit status of its own for "not started" (1, as ffmpeg for a bad file), so its name at the very
    /// start of standard error decides. The launcher has: 125.
    ///
    /// - Parameters:
    ///   - status: as the kernel reports it.
    ///   - complaint: what was said on standard error.
    init(_ status: TerminationStatus, complaint: some StringProtocol) {
        switch status {
        case .exited(0): self = .succeeded
        // The launcher's own status; and those of the dynamic linker and of a shell for a program that cannot start.
        case .exited(125), .exited(126), .exited(127): self = .notStarted
        case .exited(1) where complaint.hasPrefix("bwrap: "): self = .notStarted
        // ffmpeg's word for SIGTERM and SIGINT, which it catches. Whoever sent them was not the file.
        case .exited(255): self = .killed(signal: 15)
        // A shell's and bubblewrap's way to say that a signal ended the child.
        case .exited(let code) where code > 128 && code <= 128 + 64: self = .killed(signal: Int(code) - 128)
        case .exited(let code): self = .rejected(status: Int(code))
        case .signaled(let signal): self = .killed(signal: Int(signal))
        }
    }

    /// What killed it, as half a sentence for the owner.
    static func meaning(ofSignal signal: Int) -> String {
        switch signal {
        case 15: "was ended from outside"
        case 24: "took too much processor time"
        case 25: "wrote too much"
        case 31: "tried something forbidden"
        default: "crashed (signal \(signal))"
        }
    }
}
