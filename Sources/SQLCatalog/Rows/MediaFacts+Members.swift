import MediaCore
import XMedia

/// Facts as the members of their JSON, without asking the type at run time what they are.
extension MediaFacts {
    /// Reads the members; nil when they are not those of facts.
    init?(members: MediaMetadata) {
        guard let type = members["mediaType"]?.stringValue, let mediaType = MediaType(rawValue: type) else {
            return nil
        }
        self.init(kind: nil, mediaType: mediaType)
        for (name, value) in members {
            switch (name, value) {
            case ("mediaType", _): break
            case ("kind", .string(let word)):
                guard let kind = Media.Kind(rawValue: word) else { return nil }
                self.kind = kind
            case ("width", .integer(let pixels)): width = Int(pixels)
            case ("height", .integer(let pixels)): height = Int(pixels)
            case ("durationMs", .integer(let milliseconds)): durationMs = milliseconds
            case ("placeholder", .string(let text)): placeholder = text
            default: return nil
            }
        }
    }

    /// The members, without those that are absent.
    var members: MediaMetadata {
        var members: MediaMetadata = ["mediaType": .string(mediaType.rawValue)]
        members["kind"] = kind.map { .string($0.rawValue) }
        members["width"] = width.map { .integer(Int64($0)) }
        members["height"] = height.map { .integer(Int64($0)) }
        members["durationMs"] = durationMs.map { .integer($0) }
        members["placeholder"] = placeholder.map { .string($0) }
        return members
    }
}
