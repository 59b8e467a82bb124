package import XMedia

/// What must be true of one upload by the answers that its client has got.
///
/// Whatever was not answered may or may not have happened, so each fact is the set of values that it may have. Looking at
/// the server makes one of them: what a client was told once stays true.
package struct TrackedUpload: Sendable {
    /// Where an upload is on its way.
    package enum Phase: Sendable, Hashable {
        /// It takes segments.
        case open
        /// It is finalized.
        case closed
        /// It is given up.
        case gone
    }

    /// How processing ends.
    package enum Outcome: Sendable {
        case succeeded
        case failed
    }

    /// The file that is being uploaded.
    package let media: SampleMedia
    /// Its id.
    package let id: String
    /// Its key.
    package let key: String
    /// Where it may be.
    package var phases: Set<Phase> = [.open]
    /// Which version of each segment may be the one that counts; nil for none received.
    package var versions: [Set<Int?>]
    /// How processing ended, once that was seen.
    package var outcome: Outcome?
    /// The digest of the original, once it was seen.
    package var sha256: String?
    /// The digests of the renditions that were served, by path.
    package var renditions: [String: String] = [:]
    /// Which alternative text it may have.
    package var altTexts: Set<String?> = [nil]
    /// Whether something was asked of it since it was last compared.
    package var isTouched = true

    /// A new upload, as initialize answered it.
    package init(media: SampleMedia, data: UploadData) {
        self.media = media
        id = "\(data.id)"
        key = "\(data.mediaKey)"
        versions = Array(repeating: [nil], count: media.segmentCount)
    }

    /// Whether it takes segments, as far as is known for certain.
    package var isOpen: Bool { phases == [.open] }
    /// Whether it is finalized, as far as is known for certain.
    package var isClosed: Bool { phases == [.closed] }
    /// Indexes of which it is not certain that they were received.
    package var missing: [Int] { versions.indices.filter { versions[$0].contains(nil) } }
    /// Whether it is certain which bytes each segment has.
    package var isSettled: Bool { versions.allSatisfy { $0.count == 1 && $0 != [nil] } }

    /// A segment that was sent.
    package struct Sent: Sendable {
        /// Its index.
        package var index: Int
        /// Which version of it.
        package var version: Int
        /// The status of the answer; nil when none came.
        package var status: Int?
    }

    /// Takes over what came of segments that were sent at the same time.
    ///
    /// The last one committed counts. Those of the same index may have been committed in any order, also those that
    /// were not answered; all of them after those that were answered before these were sent.
    package mutating func take(_ batch: [Sent]) {
        for (index, sent) in Dictionary(grouping: batch, by: \.index) {
            let possible = sent.filter { $0.status == 200 || $0.status == nil }.map { Optional($0.version) }
            if sent.contains(where: { $0.status == 200 }) { versions[index] = [] }
            versions[index].formUnion(possible)
        }
    }
}
