/// What an upload is for (`media_category`); decides its limits and its media key.
///
/// The eight values of https://docs.x.com/x-api/media/initialize-media-upload.
public enum MediaCategory: String, Sendable, Codable, CaseIterable {
    case amplifyVideo = "amplify_video"
    case tweetGIF = "tweet_gif"
    case tweetImage = "tweet_image"
    case tweetVideo = "tweet_video"
    case dmGIF = "dm_gif"
    case dmImage = "dm_image"
    case dmVideo = "dm_video"
    case subtitles

    /// What kind of file a category takes.
    public enum Class: String, Sendable {
        case image, gif, video, subtitles
    }

    /// The kind of file this category takes.
    public var mediaClass: Class {
        switch self {
        case .tweetImage, .dmImage: .image
        case .tweetGIF, .dmGIF: .gif
        case .amplifyVideo, .tweetVideo, .dmVideo: .video
        case .subtitles: .subtitles
        }
    }

    /// Whether the media is for a direct message: never part of a post, never public.
    public var isDirectMessage: Bool {
        switch self {
        case .dmGIF, .dmImage, .dmVideo: true
        case .amplifyVideo, .tweetGIF, .tweetImage, .tweetVideo, .subtitles: false
        }
    }

    /// The number before the underscore of the media key.
    ///
    /// 3, 7, 13 and 16 are seen in X's documents and answers. No source shows a subtitle file's key: 2 is Roost's choice.
    public var mediaKeyPrefix: Int {
        switch self {
        case .tweetImage, .dmImage: 3
        case .tweetVideo, .dmVideo: 7
        case .amplifyVideo: 13
        case .tweetGIF, .dmGIF: 16
        case .subtitles: 2
        }
    }
}
