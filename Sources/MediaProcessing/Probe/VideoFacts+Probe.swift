import MediaRules
import XMedia

extension VideoFacts {
    /// Reads what ffprobe found; frame distances and groups of pictures are still undecided.
    init(_ document: ProbeDocument, container: MediaType) {
        let streams = document.streams ?? []
        let videos = streams.filter { $0.codec_type == "video" && $0.disposition?.attached_pic != 1 }
        let audios = streams.filter { $0.codec_type == "audio" }
        let seconds = document.format?.duration.flatMap(Double.init).flatMap { $0 > 0 && $0 < 1e9 ? $0 : nil }
        self.init(
            container: container, durationMs: seconds.map { Int64(($0 * 1000).rounded()) },
            picture: videos.first.map(Picture.init), sound: audios.first.map(Sound.init))
        bitRate = document.format?.bit_rate.flatMap(Int64.init)
        videoStreams = videos.count
        audioStreams = audios.count
        isEncrypted = (videos + audios).contains { stream in
            ["encv", "enca"].contains(stream.codec_tag_string) || stream.tags?.enc_key_id != nil
        }
    }
}

extension VideoFacts.Picture {
    fileprivate init(_ stream: ProbeDocument.Stream) {
        self.init(codec: stream.codec_name ?? "unknown", width: stream.width ?? 0, height: stream.height ?? 0)
        isDecodable = stream.codec_name != nil && stream.codec_name != "unknown" && stream.pix_fmt != nil
        profile = stream.profile
        let counterclockwise = stream.side_data_list?.lazy.compactMap(\.rotation).first ?? 0
        let clockwise = counterclockwise.isFinite && abs(counterclockwise) < 1e6 ? -Int(counterclockwise.rounded()) : 0
        rotation = ((clockwise % 360) + 360) % 360
        sampleAspectRatio = stream.sample_aspect_ratio.flatMap { VideoFacts.Ratio($0) }
        averageFrameRate = stream.avg_frame_rate.flatMap { VideoFacts.Ratio($0) }
        realFrameRate = stream.r_frame_rate.flatMap { VideoFacts.Ratio($0) }
        pixelFormat = stream.pix_fmt
        colorTransfer = stream.color_transfer
        fieldOrder = stream.field_order
        // Without reordered frames nothing can lead a key frame, so no group can be open.
        hasBFrames = stream.has_b_frames.map { $0 > 0 }
        if hasBFrames == false { hasOpenGOP = false }
    }
}

extension VideoFacts.Sound {
    fileprivate init(_ stream: ProbeDocument.Stream) {
        self.init(codec: stream.codec_name ?? "unknown", profile: stream.profile, channels: stream.channels ?? 0)
    }
}
