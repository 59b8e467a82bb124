extension SniffedType {
    /// The type with its article, as it follows "The file is".
    var inWords: String {
        switch self {
        case .jpeg, .png, .gif, .webp, .bmp, .tiff, .bigTIFF, .heic, .jpegXL: "a \(rawValue) image"
        case .avif: "an AVIF image"
        case .quickTime, .webm, .matroska: "a \(rawValue) video"
        case .mp4, .avi: "an \(rawValue) video"
        case .mp3, .ogg: "an \(rawValue) file"
        case .flac, .wav: "a \(rawValue) file"
        case .pdf, .postScript: "a \(rawValue) document"
        case .html, .xml: "an \(rawValue) document"
        case .svg: "an SVG drawing"
        case .gltf: "a binary glTF model"
        case .mpegTS, .ffconcat, .hls, .mvg, .sdp: "an \(rawValue)"
        case .dash, .flv, .psd, .zip: "a \(rawValue)"
        case .srt, .vtt: rawValue
        case .unknown: "of an unknown type"
        }
    }
}
