import MediaCore
import MediaRules
import XMedia

/// What the rules say about a video.
struct VideoJudgement: Sendable {
    /// What the probe found.
    var facts: VideoFacts
    /// The first video stream.
    var picture: VideoFacts.Picture
    /// Whether no rule is broken, so that its streams can be offered as they are.
    var isCompliant: Bool
    /// The category's limits.
    var limits: VideoLimits

    /// The announced duration in seconds; 0 when unknown.
    var seconds: Double { Double(facts.durationMs ?? 0) / 1000 }

    /// The channels of the sound in renditions, 1 or 2; nil when there is none that can be decoded.
    var channels: Int? {
        guard let sound = facts.sound, sound.codec != "unknown", sound.channels > 0 else { return nil }
        return min(sound.channels, 2)
    }

    /// When the poster is taken, in seconds: videos like to begin in the dark.
    var posterAt: Double { min(1, seconds / 10) }

    /// The sizes that it is offered in, when it is converted.
    var ladder: [FrameSize] {
        Ladder.sizes(width: picture.displayWidth, height: picture.displayHeight, bounds: limits)
    }

    /// The sizes that it is offered in, when it is offered as it is too.
    var ladderBelow: [FrameSize] {
        Ladder.sizes(belowWidth: picture.displayWidth, height: picture.displayHeight, bounds: limits)
    }

    /// Returns the graph that makes these sizes.
    func graph(_ sizes: [FrameSize], posterAt: Double?) -> FilterGraph {
        FilterGraph(
            isInterlaced: picture.isInterlaced, highDynamicRange: picture.isHDR ? picture.colorTransfer : nil,
            frameRate: FrameRate.target(picture, limit: limits.maxFrameRate), sizes: sizes, posterAt: posterAt)
    }
}

extension VideoProbe {
    /// Probes a video and judges it.
    ///
    /// - Throws: `refused` with all rules that refuse it.
    func judge(_ task: ProcessingTask, _ type: SniffedType, _ rules: RuleBook) async throws(ProcessingError)
        -> VideoJudgement
    {
        let (judgement, isUndecided) = try await judgeHeaders(task, type, rules)
        return isUndecided ? try await decide(judgement, task, type, rules) : judgement
    }

    /// Judges a video by its headers.
    ///
    /// - Returns: the judgement, and whether only its packets can tell that it is compliant.
    /// - Throws: `refused` with all rules that refuse it.
    func judgeHeaders(_ task: ProcessingTask, _ type: SniffedType, _ rules: RuleBook) async throws(ProcessingError)
        -> (judgement: VideoJudgement, isUndecided: Bool)
    {
        let facts = try await facts(of: task.original, type)
        let judgement = try VideoJudgement(facts, task, type, rules)
        var hopeful = facts
        hopeful.picture?.isVariableFrameRate = false
        hopeful.picture?.hasOpenGOP = false
        let mayComply = try VideoJudgement(hopeful, task, type, rules).isCompliant
        return (judgement, mayComply && !judgement.isCompliant)
    }

    /// Judges again with what the packets tell.
    ///
    /// - Throws: `refused` with all rules that refuse it.
    func decide(
        _ judgement: VideoJudgement, _ task: ProcessingTask, _ type: SniffedType, _ rules: RuleBook
    ) async throws(ProcessingError) -> VideoJudgement {
        var facts = judgement.facts
        try await decideTimeline(of: task.original, type, &facts)
        return try VideoJudgement(facts, task, type, rules)
    }
}

extension VideoJudgement {
    /// Judges by the rules.
    ///
    /// - Throws: `refused` with all rules that refuse the video.
    fileprivate init(
        _ facts: VideoFacts, _ task: ProcessingTask, _ type: SniffedType, _ rules: RuleBook
    ) throws(ProcessingError) {
        let broken = rules.judge(video: facts, bytes: task.size, category: task.category)
        guard !broken.refuses else { throw .refused(broken.refusals) }
        guard let picture = facts.picture, let limits = rules.limits(for: task.category).video else {
            throw .refused([.undecodable(type)])
        }
        self.init(facts: facts, picture: picture, isCompliant: broken.isEmpty, limits: limits)
    }
}
