package import XMedia

/// What the first bytes of a file say that it is.
///
/// The types below `vtt` are recognised only to be refused by name: "this is a PDF" helps more than "unknown type".
package enum SniffedType: String, Sendable, CaseIterable {
    case jpeg = "JPEG"
    case png = "PNG"
    case gif = "GIF"
    case webp = "WebP"
    case bmp = "BMP"
    case tiff = "TIFF"
    case mp4 = "MP4"
    case quickTime = "QuickTime"
    case webm = "WebM"
    case mpegTS = "MPEG transport stream"
    case srt = "SubRip subtitles"
    case vtt = "WebVTT subtitles"

    case avi = "AVI"
    case avif = "AVIF"
    case bigTIFF = "BigTIFF"
    case dash = "DASH manifest"
    case ffconcat = "ffconcat script"
    case flac = "FLAC"
    case flv = "Flash video"
    case gltf = "binary glTF"
    case heic = "HEIC"
    case hls = "HLS playlist"
    case html = "HTML"
    case jpegXL = "JPEG XL"
    case matroska = "Matroska"
    case mp3 = "MP3"
    case mvg = "MVG drawing"
    case ogg = "Ogg"
    case pdf = "PDF"
    case postScript = "PostScript"
    case psd = "Photoshop document"
    case sdp = "SDP description"
    case svg = "SVG"
    case wav = "WAV"
    case xml = "XML"
    case zip = "ZIP archive"

    /// Nothing known.
    case unknown = "unknown type"

    /// The media type of the API; nil when no category takes such files.
    package var mediaType: MediaType? {
        switch self {
        case .jpeg: .jpeg
        case .png: .png
        case .gif: .gif
        case .webp: .webp
        case .bmp: .bmp
        case .tiff: .tiff
        case .mp4: .mp4
        case .quickTime: .quickTime
        case .webm: .webm
        case .mpegTS: .mpegTS
        case .srt: .srt
        case .vtt: .vtt
        case .avi, .avif, .bigTIFF, .dash, .ffconcat, .flac, .flv, .gltf, .heic, .hls, .html, .jpegXL, .matroska, .mp3,
            .mvg, .ogg, .pdf, .postScript, .psd, .sdp, .svg, .wav, .xml, .zip, .unknown:
            nil
        }
    }
}
