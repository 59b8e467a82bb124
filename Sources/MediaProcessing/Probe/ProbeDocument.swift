/// What ffprobe writes with `-of json`, as far as it is used.
///
/// https://ffmpeg.org/ffprobe-all.html#Writers. Numbers of unbounded size come as strings; anything may be missing.
struct ProbeDocument: Decodable, Sendable {
    /// One stream.
    struct Stream: Decodable, Sendable {
        var codec_type: String?
        var codec_name: String?
        var codec_tag_string: String?
        var profile: String?
        var width: Int?
        var height: Int?
        var has_b_frames: Int?
        var sample_aspect_ratio: String?
        var pix_fmt: String?
        var color_transfer: String?
        var field_order: String?
        var r_frame_rate: String?
        var avg_frame_rate: String?
        var channels: Int?
        var disposition: Disposition?
        var side_data_list: [SideData]?
        var tags: Tags?
    }

    /// What a stream is for.
    struct Disposition: Decodable, Sendable {
        var attached_pic: Int?
    }

    /// Data beside a stream.
    struct SideData: Decodable, Sendable {
        /// Degrees counterclockwise.
        var rotation: Double?
    }

    /// The tags that matter.
    struct Tags: Decodable, Sendable {
        /// Set by the Matroska demuxer when a stream is encrypted.
        var enc_key_id: String?
    }

    /// The file.
    struct Format: Decodable, Sendable {
        /// Seconds.
        var duration: String?
        var bit_rate: String?
    }

    var streams: [Stream]?
    var format: Format?

    /// The `-show_entries` that asks for exactly this.
    static let entries =
        "format=duration,bit_rate"
        + ":stream=codec_type,codec_name,codec_tag_string,profile,width,height,has_b_frames,sample_aspect_ratio,pix_fmt,"
        + "color_transfer,field_order,r_frame_rate,avg_frame_rate,channels"
        + ":stream_disposition=attached_pic:stream_side_data=rotation:stream_tags=enc_key_id"
}
