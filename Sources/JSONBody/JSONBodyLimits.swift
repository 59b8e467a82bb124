/// How much a `JSONBodyReader` keeps of everything that is not streamed.
package struct JSONBodyLimits: Equatable, Sendable {
    /// The most bytes that all members but the streamed one have together.
    package var memberBytes: Int
    /// How deep arrays and objects may be nested, the object of the body being the first level.
    package var depth: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - memberBytes: The most bytes of the other members, 2 or more.
    ///   - depth: The most levels, 1 or more.
    package init(memberBytes: Int = 65536, depth: Int = 32) {
        self.memberBytes = memberBytes
        self.depth = depth
    }
}
