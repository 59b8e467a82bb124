package import SystemPackage

/// Why an image was not processed.
///
/// The first five are verdicts on the file and stay the same when tried again; the others say nothing about it.
package enum ImagingError: Error, Equatable {
    /// The file ends before the image does.
    case truncated(String)
    /// The bytes are not a valid image of the format asked for.
    case corrupt(String)
    /// A valid file of a kind that is not decoded, e.g. with floating point samples.
    case unsupported(String)
    /// More pixels than allowed.
    case tooLarge(String)
    /// The image needs more memory than a helper may have.
    case outOfMemory(String)

    /// A bad request, an output that could not be written, or a fault of the helper.
    case internalFault(String)
    /// The helper ended in the middle of the image: killed by the signal, or with the exit status.
    case helperDied(HelperEnd)
    /// The helper did not answer in time and was killed.
    case timedOut
    /// No helper could be started; the reason is its own line on standard error.
    case helperUnavailable(String)
    /// The input or an output could not be opened.
    case file(FilePath, Errno)

    /// Too many images wait already.
    case busy
    /// The calling task was cancelled before the image's turn came.
    case cancelled
    /// The pool does not run, or stopped while the image was in work.
    case stopped
}

/// How a helper ended.
package enum HelperEnd: Sendable, Equatable {
    /// By itself.
    case exited(status: Int)
    /// By a signal; `SIGSYS` (31) is the system call filter, `SIGXCPU` (24) the processor time limit.
    case signaled(Int)
}

extension ImagingError {
    /// The error of an answer's code (`protocol.h`).
    init(code: Substring, message: String) {
        switch code {
        case "truncated": self = .truncated(message)
        case "corrupt": self = .corrupt(message)
        case "unsupported": self = .unsupported(message)
        case "too_large": self = .tooLarge(message)
        case "memory": self = .outOfMemory(message)
        default: self = .internalFault(message)
        }
    }
}
