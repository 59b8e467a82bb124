package import XMedia

/// Every limit in force: a profile's table, with the values that the configuration overrides.
///
/// The same book judges a file in the server, in the client before the first byte is sent, and in the command line.
package struct RuleBook: Sendable, Hashable {
    /// The profile that the book started from.
    package let profile: Profile
    /// The largest segment in bytes.
    package var maxSegmentBytes: Int64
    /// The largest `segment_index` of an upload whose bytes fit into the segments 0 to this index.
    package var maxSegmentIndex: Int
    /// The largest video in bytes that one request may upload.
    package var oneShotVideoMaxBytes: Int64
    /// The longest video in milliseconds that a post may carry.
    ///
    /// X bounds uploads and posts separately: "This user is not allowed to post a video longer than 20 minutes." (403).
    package var postMaxVideoDurationMs: Int64
    /// The limits of each category; every category has a row.
    var categories: [MediaCategory: CategoryLimits]

    /// Makes the book of a profile.
    package init(profile: Profile) {
        self.profile = profile
        self.maxSegmentBytes = Table.maxSegmentBytes
        self.maxSegmentIndex = Table.maxSegmentIndex(profile)
        self.oneShotVideoMaxBytes = Table.oneShotVideoMaxBytes
        self.postMaxVideoDurationMs = Table.postMaxVideoDurationMs(profile)
        self.categories = Dictionary(
            uniqueKeysWithValues: MediaCategory.allCases.map { ($0, Table.limits(for: $0, in: profile)) })
    }

    /// The limits of a category.
    package func limits(for category: MediaCategory) -> CategoryLimits {
        categories[category] ?? Table.limits(for: category, in: profile)
    }

    /// The largest `segment_index` that an upload may use.
    ///
    /// 1000 segments of 8 MiB are less than the 16 GiB that X's schema allows as `total_bytes`, so an upload that
    /// declares more than they hold may use the wider range 0…9999.
    /// `totalBytes` is what initialize declared, nil when it did not.
    package func maxSegmentIndex(totalBytes: Int64?) -> Int {
        let held = Int64(maxSegmentIndex + 1) * maxSegmentBytes
        return (totalBytes ?? 0) > held ? max(maxSegmentIndex, Table.widestSegmentIndex) : maxSegmentIndex
    }

    /// The largest file in bytes that one request (`POST /2/media/upload`) may bring in a category.
    ///
    /// Larger videos need the segmented way.
    package func oneShotMaxBytes(for category: MediaCategory) -> Int64 {
        let limit = limits(for: category).maxBytes
        return category.mediaClass == .video ? min(limit, oneShotVideoMaxBytes) : limit
    }

    /// Whether a category takes files of a type.
    package func accepts(_ type: MediaType, in category: MediaCategory) -> Bool {
        Table.acceptedTypes(of: category.mediaClass).contains(type)
    }
}
