import MediaCore
import Synchronization

/// What ffmpeg's `-progress` says, line by line (`key=value`; a block ends with `progress=`).
struct EncodingProgress: Sendable, Equatable {
    /// Frames written by the first output.
    private(set) var frames = 0
    /// The end of what was written, in seconds.
    private(set) var seconds = 0.0
    /// Seconds of media in a second of time; nil when not yet known.
    private(set) var speed: Double?

    /// Seconds and speeds beyond these some thirty years are no truth, and would not fit the integers made of them.
    private static let most = 1e9

    /// Takes a line; returns whether a block ended with it.
    mutating func append(line: String) -> Bool {
        guard let equals = line.firstIndex(of: "=") else { return false }
        let value = line[line.index(after: equals)...].drop { $0 == " " }
        switch line[..<equals] {
        case "frame": frames = Int(value) ?? frames
        case "out_time_us":
            if let time = Double(value), time <= Self.most * 1_000_000 { seconds = max(seconds, time / 1_000_000) }
        case "speed":
            if value.hasSuffix("x"), let speed = Double(value.dropLast()), (0.001...Self.most).contains(speed) {
                self.speed = speed
            }
        case "progress": return true
        default: break
        }
        return false
    }
}

/// Turns ffmpeg's progress into percents that never fall, and into the expected remaining time: the media that is left,
/// divided by the speed so far.
final class ProgressMeter: Sendable {
    private let state = Mutex((progress: EncodingProgress(), percent: 0))
    private let expectedSeconds: Double
    private let report: ProgressReport

    /// Makes a meter for an output of this duration; 0 when unknown, nothing is reported then.
    init(expectedSeconds: Double, report: @escaping ProgressReport) {
        self.expectedSeconds = expectedSeconds
        self.report = report
    }

    /// What was reached.
    var progress: EncodingProgress { state.withLock { $0.progress } }

    /// Takes a line of ffmpeg's output.
    ///
    /// 99 is the most: 100 is for who has published the result.
    func append(line: String) {
        let news: (Int, Duration?)? = state.withLock { state in
            guard state.progress.append(line: line), expectedSeconds > 0 else { return nil }
            let done = min(state.progress.seconds / expectedSeconds, 1)
            state.percent = max(state.percent, min(99, Int(done * 100)))
            let left = expectedSeconds * (1 - done)
            return (state.percent, state.progress.speed.map { .seconds(left / $0) })
        }
        if let (percent, remaining) = news { report(percent, remaining) }
    }
}
