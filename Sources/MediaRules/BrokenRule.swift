package import XMedia

/// A rule that a file or its declaration breaks, with everything a client needs to mend it.
package struct BrokenRule: Sendable, Hashable {
    /// What follows from breaking a rule.
    package enum Consequence: Sendable {
        /// The media fails; the client must bring another file.
        case refuse
        /// The media is accepted and transcoded.
        case convert
    }

    /// The rule's stable name for programs, `video.duration` for example.
    package let rule: String
    /// One sentence for people.
    package let message: String
    /// The value found, with its unit.
    package let found: String
    /// The values allowed, with their unit.
    package let allowed: String
    /// What to do about it, one sentence.
    package let fix: String
    /// What follows.
    package let consequence: Consequence

    /// Makes a broken rule.
    package init(
        _ rule: String, message: String, found: String, allowed: String, fix: String,
        consequence: Consequence = .refuse
    ) {
        self.rule = rule
        self.message = message
        self.found = found
        self.allowed = allowed
        self.fix = fix
        self.consequence = consequence
    }

    /// The entry of `errors[]` that tells this to the client.
    package var problemItem: Problem.Item {
        Problem.Item(message: message, rule: rule, found: found, allowed: allowed, fix: fix)
    }
}

extension [BrokenRule] {
    /// Whether one of the rules refuses the media.
    package var refuses: Bool { contains { $0.consequence == .refuse } }

    /// The rules that refuse the media, in the order in which they were judged.
    package var refusals: [BrokenRule] { filter { $0.consequence == .refuse } }
}
