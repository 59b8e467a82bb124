import XMedia

extension RuleBook {
    /// The numbers, each with its source and the day on which it was read.
    ///
    /// - BP: https://docs.x.com/x-api/media/quickstart/best-practices
    /// - IN: https://docs.x.com/x-api/media/introduction (as changed on 2026-09-01)
    /// - OA: https://docs.x.com/openapi.json, 2.166 to 2.168
    /// - Roost: no document gives a number; the reason stands beside it
    ///
    /// All were read on 2026-11-21. X writes "MB" and "GB"; its v1.1 message "File size exceeds 15728640 bytes." for the
    /// 15 MB of a GIF shows that it counts in powers of two.
    enum Table {
        static let mebibyte: Int64 = 1024 * 1024
        static let gibibyte: Int64 = 1024 * mebibyte
        static let minute: Int64 = 60_000

        /// BP: "server maximum 8 MB" for each segment.
        static let maxSegmentBytes = 8 * mebibyte
        /// Roost: what a client can send again in one go; beyond it the segmented way is the better one.
        static let oneShotVideoMaxBytes = 64 * mebibyte
        /// The range of profile `open`, and of uploads that 0…999 cannot hold.
        static let widestSegmentIndex = 9999

        /// OA: `segment_index` 0…999.
        static func maxSegmentIndex(_ profile: Profile) -> Int {
            switch profile {
            case .x: 999
            case .open: widestSegmentIndex
            }
        }

        /// IN: 20 minutes for an account without a subscription; `open`: as long as uploads may be.
        static func postMaxVideoDurationMs(_ profile: Profile) -> Int64 {
            switch profile {
            case .x: 20 * minute
            case .open: 240 * minute
            }
        }

        /// IN, BP, OA: the types of each class; BMP, TIFF and PJPEG stand in OA only.
        static func acceptedTypes(of mediaClass: MediaCategory.Class) -> Set<MediaType> {
            switch mediaClass {
            case .image: [.jpeg, .pjpeg, .png, .webp, .gif, .bmp, .tiff]
            case .gif: [.gif]
            case .video: [.mp4, .quickTime, .webm, .mpegTS]
            case .subtitles: [.srt, .vtt]
            }
        }

        static func limits(for category: MediaCategory, in profile: Profile) -> CategoryLimits {
            switch category.mediaClass {
            case .image: image(profile)
            case .gif: gif(profile)
            case .video: video(category, profile)
            case .subtitles: subtitles(profile)
            }
        }

        /// What the scans of a JPEG may make a decoder do.
        ///
        /// Roost: some four seconds of a core (measured 2026-11-21, libvips 8.14). A photo of 50 megapixels may have 80
        /// scans; the scripts that encoders are delivered with have some ten.
        private static let mostScanPixels: Int64 = 4_000_000_000

        private static func image(_ profile: Profile) -> CategoryLimits {
            switch profile {
            case .x:
                CategoryLimits(
                    maxBytes: 5 * mebibyte,  // BP: images 5 MB
                    // v1.1 error 324: dimensions from 4×4 to 8192×8192.
                    image: ImageLimits(
                        minWidth: 4, minHeight: 4, maxWidth: 8192, maxHeight: 8192,
                        maxPixels: 8192 * 8192,  // Roost: what the two bounds imply
                        maxScanPixels: mostScanPixels),
                    gif: gifFrames(profile))  // an animated GIF as an image: 5 MB, frames as below
            case .open:
                CategoryLimits(
                    maxBytes: 64 * mebibyte,
                    image: ImageLimits(
                        minWidth: 1, minHeight: 1, maxWidth: 16384, maxHeight: 16384, maxPixels: 150_000_000,
                        maxScanPixels: mostScanPixels),
                    gif: gifFrames(profile))
            }
        }

        private static func gif(_ profile: Profile) -> CategoryLimits {
            CategoryLimits(
                maxBytes: (profile == .x ? 15 : 64) * mebibyte,  // BP: animated GIF 15 MB
                image: image(profile).image,  // a GIF of one frame is an image
                gif: gifFrames(profile))
        }

        /// BP: 1280×1080, 350 frames, 300 million pixels in all frames together.
        ///
        /// Roost: 10 minutes. No document gives a number; a delay is up to 655 s, so that 350 frames can last 63 hours,
        /// all of which the MP4 has to show.
        private static func gifFrames(_ profile: Profile) -> GIFLimits {
            switch profile {
            case .x:
                GIFLimits(
                    maxWidth: 1280, maxHeight: 1080, maxFrames: 350, maxPixelsTotal: 300_000_000,
                    maxDurationMs: 10 * minute)
            case .open:
                GIFLimits(
                    maxWidth: 4096, maxHeight: 4096, maxFrames: 2000, maxPixelsTotal: 1_500_000_000,
                    maxDurationMs: 10 * minute)
            }
        }

        private static func video(_ category: MediaCategory, _ profile: Profile) -> CategoryLimits {
            // BP: 32×32 to 1280×1024, 1:3 to 3:1, 60 frames a second. 720×1280 is recommended there, so the two numbers
            // bound the longer and the shorter side. Roost: 8192, the widest picture that H.264 level 6 describes.
            var limits = VideoLimits(
                minDurationMs: 500, maxDurationMs: 20 * minute,  // IN: 0.5 s to 20 min
                minDimension: 32, maxDimension: 8192, compliantLongSide: 1280, compliantShortSide: 1024,
                maxAspect: 3, maxFrameRate: 60)
            switch (profile, category) {
            case (.x, .dmVideo):
                limits.maxDurationMs = 140_000  // IN: 0.5 s to 140 s in direct messages
                return CategoryLimits(maxBytes: 512 * mebibyte, video: limits)  // IN: 512 MB
            case (.x, _):
                return CategoryLimits(maxBytes: 8 * gibibyte, video: limits)  // IN: 8 GB
            case (.open, _):
                limits.minDurationMs = 1
                limits.maxDurationMs = 240 * minute
                limits.compliantLongSide = 1920  // BP: subscribers get 1080p
                limits.compliantShortSide = 1200
                return CategoryLimits(maxBytes: 16 * gibibyte, video: limits)  // OA: the maximum of `total_bytes`
            }
        }

        /// Roost: no document gives a number; a film's subtitles have some 100 KiB.
        private static func subtitles(_ profile: Profile) -> CategoryLimits {
            CategoryLimits(maxBytes: (profile == .x ? 1 : 8) * mebibyte)
        }
    }
}
