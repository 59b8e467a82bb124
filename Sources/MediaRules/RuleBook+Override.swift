import XMedia

/// Why a value of the configuration cannot replace a limit.
package enum RuleOverrideError: Error, Hashable {
    /// No limit has this key; ``RuleBook/keys`` lists those that exist.
    case unknownKey(String)
    /// The value is no whole number in digits.
    case notANumber(key: String, value: String)
    /// The number is outside of what the limit can be set to.
    case outOfRange(key: String, value: String, allowed: ClosedRange<Int64>)
}

/// Overriding single limits by dotted names.
///
/// | key | unit |
/// | --- | --- |
/// | `segment.max_bytes`, `segment.max_index` | bytes; index |
/// | `one_shot.max_video_bytes` | bytes |
/// | `post.max_video_duration_ms` | milliseconds |
/// | `<category>.max_bytes` | bytes |
/// | `<image or GIF category>.min_width`, `.min_height`, `.max_width`, `.max_height`, `.max_pixels` | pixels |
/// | `<image or GIF category>.gif_max_width`, `.gif_max_height`, `.gif_max_frames`, `.gif_max_pixels` | pixels; frames |
/// | `<video category>.min_duration_ms`, `.max_duration_ms` | milliseconds |
/// | `<video category>.min_dimension`, `.max_dimension` | pixels, refused beyond |
/// | `<video category>.compliant_long_side`, `.compliant_short_side` | pixels, scaled down above |
/// | `<video category>.max_aspect` | longer by shorter side |
/// | `<video category>.max_frame_rate` | frames per second, converted above |
///
/// A category is written as in `media_category`: `tweet_video.max_bytes`. Values are whole numbers in decimal digits.
extension RuleBook {
    /// All keys that can be overridden, sorted.
    package static var keys: [String] { settings.keys.sorted() }

    /// The limit in force under a key; nil when there is no such key.
    package func value(of key: String) -> Int64? { Self.settings[key]?.get(self) }

    /// Replaces a limit.
    ///
    /// - Parameters:
    ///   - key: one of ``keys``.
    ///   - text: a whole number in decimal digits.
    /// - Throws: ``RuleOverrideError`` when the key is unknown or the value cannot be used; the book is unchanged then.
    package mutating func override(_ key: String, with text: String) throws(RuleOverrideError) {
        guard let setting = Self.settings[key] else { throw .unknownKey(key) }
        guard let value = Int64(text) else { throw .notANumber(key: key, value: text) }
        guard setting.range.contains(value) else {
            throw .outOfRange(key: key, value: text, allowed: setting.range)
        }
        setting.set(&self, value)
    }

    /// How one limit is read and written.
    private struct Setting: Sendable {
        let range: ClosedRange<Int64>
        let get: @Sendable (RuleBook) -> Int64?
        let set: @Sendable (inout RuleBook, Int64) -> Void

        /// A limit of the whole book.
        init<Value: FixedWidthInteger & SendableMetatype>(
            _ path: any WritableKeyPath<RuleBook, Value> & Sendable, _ range: ClosedRange<Int64>
        ) {
            self.range = range
            self.get = { Int64($0[keyPath: path]) }
            self.set = { $0[keyPath: path] = Value($1) }
        }

        /// A limit in one group of a category's limits.
        init<Group, Value: FixedWidthInteger & SendableMetatype>(
            _ category: MediaCategory, _ group: any WritableKeyPath<CategoryLimits, Group?> & Sendable,
            _ path: any WritableKeyPath<Group, Value> & Sendable, _ range: ClosedRange<Int64>
        ) {
            self.range = range
            self.get = { ($0.categories[category]?[keyPath: group]?[keyPath: path]).map { Int64($0) } }
            self.set = { $0.categories[category]?[keyPath: group]?[keyPath: path] = Value($1) }
        }

        /// The largest file of a category.
        init(maxBytesOf category: MediaCategory) {
            self.range = bytes
            self.get = { $0.categories[category]?.maxBytes }
            self.set = { $0.categories[category]?.maxBytes = $1 }
        }
    }

    private static let bytes: ClosedRange<Int64> = 1...(1 << 40)
    private static let milliseconds: ClosedRange<Int64> = 1...604_800_000
    private static let pixels: ClosedRange<Int64> = 1...65_535

    private static let settings: [String: Setting] = {
        var all = [
            // A segment travels through bounded buffers; 64 MiB is what they are laid out for.
            "segment.max_bytes": Setting(\.maxSegmentBytes, 1...(64 << 20)),
            "segment.max_index": Setting(\.maxSegmentIndex, 0...9999),
            "one_shot.max_video_bytes": Setting(\.oneShotVideoMaxBytes, bytes),
            "post.max_video_duration_ms": Setting(\.postMaxVideoDurationMs, milliseconds),
        ]
        for category in MediaCategory.allCases {
            for (name, setting) in settings(of: category) { all["\(category.rawValue).\(name)"] = setting }
        }
        return all
    }()

    private static func settings(of category: MediaCategory) -> [String: Setting] {
        var all = ["max_bytes": Setting(maxBytesOf: category)]
        switch category.mediaClass {
        case .image, .gif:
            all["min_width"] = Setting(category, \.image, \.minWidth, pixels)
            all["min_height"] = Setting(category, \.image, \.minHeight, pixels)
            all["max_width"] = Setting(category, \.image, \.maxWidth, pixels)
            all["max_height"] = Setting(category, \.image, \.maxHeight, pixels)
            all["max_pixels"] = Setting(category, \.image, \.maxPixels, 1...4_294_836_225)
            all["gif_max_width"] = Setting(category, \.gif, \.maxWidth, pixels)
            all["gif_max_height"] = Setting(category, \.gif, \.maxHeight, pixels)
            all["gif_max_frames"] = Setting(category, \.gif, \.maxFrames, 1...Int64(ImageHeader.mostFrames))
            all["gif_max_pixels"] = Setting(category, \.gif, \.maxPixelsTotal, 1...(1 << 40))
            all["gif_max_duration_ms"] = Setting(category, \.gif, \.maxDurationMs, milliseconds)
        case .video:
            all["min_duration_ms"] = Setting(category, \.video, \.minDurationMs, 0...604_800_000)
            all["max_duration_ms"] = Setting(category, \.video, \.maxDurationMs, milliseconds)
            all["min_dimension"] = Setting(category, \.video, \.minDimension, pixels)
            all["max_dimension"] = Setting(category, \.video, \.maxDimension, pixels)
            all["compliant_long_side"] = Setting(category, \.video, \.compliantLongSide, pixels)
            all["compliant_short_side"] = Setting(category, \.video, \.compliantShortSide, pixels)
            all["max_aspect"] = Setting(category, \.video, \.maxAspect, 1...65_535)
            all["max_frame_rate"] = Setting(category, \.video, \.maxFrameRate, 1...1000)
        case .subtitles:
            break
        }
        return all
    }
}
