import MediaCore

/// A picture made of an image.
struct PictureSize: Sendable, Equatable {
    /// What it is for.
    let role: Rendition.Role
    /// The most pixels of its longer side.
    let side: Int

    /// The poster of a video or of an animated GIF, as large as its source.
    static let poster = PictureSize(role: .poster, side: .max)

    /// The bounded sizes of a photo, as ``Rendition/Role`` describes them.
    private static let bounded = [
        PictureSize(role: .small, side: 680), PictureSize(role: .medium, side: 1200),
        PictureSize(role: .large, side: 2048),
    ]

    /// The sizes of a photo: always the full one, and each bounded one that is smaller.
    static func sizes(longSide: Int) -> [PictureSize] {
        bounded.filter { $0.side < longSide } + [PictureSize(role: .full, side: .max)]
    }
}
