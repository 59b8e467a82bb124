import ProgramSupport
import RandomSupport

/// What happens to one upload, drawn from a seed: a few segments, and everything that may go on at the same time.
struct Schedule: Sendable, CustomStringConvertible {
    /// One thing that somebody does.
    enum Action: Sendable, Equatable {
        /// A segment is sent; versions of the same index have different bytes.
        case append(index: Int, version: Int)
        case finalize
        /// The owner gives the upload up.
        case abort
        /// The operator removes the media, whatever state it is in.
        case remove
        /// The upload's time runs out, and the sweeper comes.
        case expire
        case sweep
        /// Status and, when it is there, the original's bytes.
        case read
        /// A job is done, if there is one.
        case work
        case post
    }

    /// An action, and how many times it lets others go first.
    struct Step: Sendable {
        let action: Action
        let delay: Int
    }

    /// What the store of blobs does at its n-th call of a kind.
    struct Fault: Sendable {
        let operation: Int
        let call: Int
        let isAfter: Bool
        /// How many times it lets others go first.
        let delay: Int
        let throwsError: Bool
    }

    let seed: UInt64
    /// The bytes of each version of each segment.
    let segments: [[[UInt8]]]
    let isImage: Bool
    let declaresSize: Bool
    let steps: [Step]
    let faults: [Fault]
    /// Whether bytes lie in files or in memory.
    let usesFiles: Bool

    /// Whether some call of the store throws: only then may files be left that the next start erases.
    var hasFailures: Bool { faults.contains(where: \.throwsError) }

    init(seed: UInt64) {
        var random = SeededGenerator(seed)
        self.seed = seed
        let count = Int.random(in: 1...5, using: &random)
        segments = (0..<count).map { _ in
            let size = Int.random(in: 1...48, using: &random)
            let versions = Int.random(in: 1...3, using: &random)
            // The same length, so that no size tells them apart; the first byte does.
            return (0..<versions).map { version in
                [UInt8(version)] + (1..<max(2, size)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
        }
        isImage = Int.random(in: 0..<4, using: &random) == 0
        declaresSize = Bool.random(using: &random)
        usesFiles = Int.random(in: 0..<4, using: &random) == 0
        steps = Self.drawSteps(segments.map(\.count), &random)
        faults = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            let operation = Int.random(in: 0..<8, using: &random)
            // There is mostly one original and one rendition, and there are many attempts.
            let lastCall = [2, 3, 6].contains(operation) ? 2 : 8
            return Fault(
                operation: operation, call: Int.random(in: 1...lastCall, using: &random),
                isAfter: Bool.random(using: &random), delay: Int.random(in: 0...200, using: &random),
                throwsError: Int.random(in: 0..<3, using: &random) == 0)
        }
    }

    /// One in which nothing happens, on memory.
    static let quiet = Schedule()

    private init() {
        (seed, segments, isImage, declaresSize, steps, faults, usesFiles) = (0, [], false, false, [], [], false)
    }

    private static func drawSteps(_ versions: [Int], _ random: inout SeededGenerator) -> [Step] {
        var actions: [Action] = []
        for (index, count) in versions.enumerated() {
            for version in 0..<count { actions.append(.append(index: index, version: version)) }
            // Sent again, as after a lost answer.
            if Bool.random(using: &random) {
                actions.append(.append(index: index, version: Int.random(in: 0..<count, using: &random)))
            }
        }
        actions += Array(repeating: .finalize, count: Int.random(in: 1...3, using: &random))
        actions += Array(repeating: .read, count: Int.random(in: 0...2, using: &random))
        actions += Array(repeating: .sweep, count: Int.random(in: 0...2, using: &random))
        actions += Array(repeating: .work, count: Int.random(in: 0...2, using: &random))
        // Most schedules have one way to end early, many none.
        switch Int.random(in: 0..<8, using: &random) {
        case 0: actions += [.abort]
        case 1: actions += [.expire]
        case 2: actions += [.remove, .read, .work]
        case 3: actions += [.abort, .expire]
        case 4: actions += [.post, .expire]
        default: break
        }
        // Some orders are as a client sends them, with finalize at the end; some are anything.
        let isShuffled = Int.random(in: 0..<3, using: &random) > 0
        if isShuffled { actions.shuffle(using: &random) }
        let spread = [0, 3, 30, 120].randomElement(using: &random) ?? 0
        return actions.enumerated().map { position, action in
            Step(action: action, delay: Int.random(in: 0...spread, using: &random) + (isShuffled ? 0 : position * 4))
        }
    }

    var description: String {
        "seed \(seed): \(segments.count) segments, \(isImage ? "image" : "video"), \(usesFiles ? "files" : "memory"), "
            + steps.map { "\($0.action)+\($0.delay)" }.joined(separator: " ") + " faults \(faults)"
    }
}
