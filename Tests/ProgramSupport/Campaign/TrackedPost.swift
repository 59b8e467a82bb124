/// What must be true of one post by the answers that its author has got.
package struct TrackedPost: Sendable {
    /// Its text, which no other post has.
    package let text: String
    /// The keys of its media, in order.
    package let mediaKeys: [String]
    /// Its id; nil when the answer did not come.
    package var id: String?
    /// Whether it may be there.
    package var mayExist: Bool
    /// Whether it may not be there.
    package var mayBeAbsent: Bool
}
