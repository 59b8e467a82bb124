/// The declared type of a file (`media_type`).
///
/// The fifteen values of https://docs.x.com/x-api/media/initialize-media-upload.
public enum MediaType: String, Sendable, Codable, CaseIterable {
    case mp4 = "video/mp4"
    case webm = "video/webm"
    case mpegTS = "video/mp2t"
    case quickTime = "video/quicktime"
    case srt = "text/srt"
    case vtt = "text/vtt"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case bmp = "image/bmp"
    case png = "image/png"
    case webp = "image/webp"
    case pjpeg = "image/pjpeg"
    case tiff = "image/tiff"
    case gltfBinary = "model/gltf-binary"
    case usdz = "model/vnd.usdz+zip"

    /// The category that stands for this type when the client names none; nil for models, which no category takes.
    ///
    /// X: "defaults by content type: tweet_image, tweet_video, tweet_gif"
    /// (https://docs.x.com/x-api/media/quickstart/best-practices).
    public var defaultCategory: MediaCategory? {
        switch self {
        case .mp4, .webm, .mpegTS, .quickTime: .tweetVideo
        case .srt, .vtt: .subtitles
        case .gif: .tweetGIF
        case .jpeg, .bmp, .png, .webp, .pjpeg, .tiff: .tweetImage
        case .gltfBinary, .usdz: nil
        }
    }

    /// Whether the bytes are those of a still or animated image.
    public var isImage: Bool { rawValue.hasPrefix("image/") }

    /// Whether the bytes are those of a video.
    public var isVideo: Bool { rawValue.hasPrefix("video/") }
}
