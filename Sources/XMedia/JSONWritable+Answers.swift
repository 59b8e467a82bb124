extension UploadData: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("expires_after_secs", expiresAfterSecs)
            json.member("id", id)
            json.member("image", image)
            json.member("media_key", mediaKey.description)
            json.member("original", original)
            json.member("processing_info", processingInfo)
            json.member("segments", segments)
            json.member("shared", shared)
            json.member("size", size)
            json.member("video", video)
        }
    }
}

extension UploadData.Image: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("h", height)
            json.member("image_type", imageType)
            json.member("w", width)
        }
    }
}

extension UploadData.Video: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in json.member("video_type", videoType) }
    }
}

extension UploadData.Segment: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("crc32c", crc32c)
            json.member("index", index)
            json.member("size", size)
        }
    }
}

extension UploadData.Original: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("sha256", sha256)
            json.member("size", size)
            json.member("url", url)
        }
    }
}

extension ProcessingInfo: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("check_after_secs", checkAfterSecs)
            json.member("error", error)
            json.member("progress_percent", progressPercent)
            json.member("state", state.rawValue)
        }
    }
}

extension ProcessingInfo.Failure: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code)
            json.member("message", message)
            json.member("name", name)
        }
    }
}

extension AppendData: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in json.member("expires_at", expiresAt) }
    }
}

extension MetadataData: JSONWritable {
    /// Writes the object.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("associated_metadata", associatedMetadata)
            json.member("id", id)
        }
    }
}

extension DataEnvelope where Value: JSONWritable {
    /// The envelope in JSON if it holds nothing beside data; nil otherwise.
    public var directJSON: [UInt8]? {
        guard let data, includes == nil, errors == nil, meta == nil else { return nil }
        var json = JSONWriter()
        json.object { json in json.member("data", data) }
        return json.bytes
    }
}
