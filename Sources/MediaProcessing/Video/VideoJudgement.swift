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
        var facts = try await facts(of: task.original, type)
        func judge(_ facts: VideoFacts) throws(ProcessingError) -> [BrokenRule] {
            let broken = rules.judge(video: facts, bytes: task.size, category: task.category)
            guard !broken.refuses else { throw .refused(broken.refusals) }
            return broken
        }
        var broken = try judge(facts)
        var hopeful = facts
        hopeful.picture?.isVariableFrameRate = false
        hopeful.picture?.hasOpenGOP = false
        let mayComply = try judge(hopeful).isEmpty
        if mayComply, !broken.isEmpty {
            try await decideTimeline(of: task.original, type, &facts)
            broken = try judge(facts)
        }
        guard let picture = facts.picture, let limits = rules.limits(for: task.category).video else {
            throw .refused([.undecodable(type)])
        }
        return VideoJudgement(facts: facts, picture: picture, isCompliant: broken.isEmpty, limits: limits)
    }
}
