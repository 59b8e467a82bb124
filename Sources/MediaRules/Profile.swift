/// A set of limits to start from.
package enum Profile: String, Sendable, CaseIterable {
    /// X's limits for an account without a subscription; the default.
    case x
    /// Raised limits for those who run Roost for an application of their own.
    case open
}
