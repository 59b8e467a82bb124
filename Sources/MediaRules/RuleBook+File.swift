package import XMedia

/// The rules that hold for every kind of file.
extension RuleBook {
    /// Judges what a client declares at initialize, before there is a byte.
    ///
    /// | rule | breaking it |
    /// | --- | --- |
    /// | `file.type` | refuses |
    /// | `file.bytes` | refuses |
    ///
    /// - Parameters:
    ///   - category: the category, declared or by type.
    ///   - mediaType: nil when not declared; it is sniffed at finalize then.
    ///   - totalBytes: nil or 0 when not declared; the size is judged at finalize then.
    /// - Returns: the broken rules; empty when an upload may begin.
    package func judgeDeclaration(
        category: MediaCategory, mediaType: MediaType?, totalBytes: Int64?
    ) -> [BrokenRule] {
        var broken: [BrokenRule] = []
        if let mediaType, !accepts(mediaType, in: category) {
            broken.append(
                wrongType(
                    mediaType.rawValue, in: category,
                    message: "Files of type \(mediaType.rawValue) are not taken for \(category.rawValue)."))
        }
        return broken + judge(bytes: totalBytes ?? 0, category: category)
    }

    /// Judges the type found in the bytes, and whether it is the declared one.
    ///
    /// | rule | breaking it |
    /// | --- | --- |
    /// | `file.type` | refuses |
    /// | `file.declared_type` | refuses |
    package func judge(type: SniffedType, declared: MediaType?, category: MediaCategory) -> [BrokenRule] {
        guard let found = type.mediaType, accepts(found, in: category) else {
            return [
                wrongType(
                    type.mediaType?.rawValue ?? type.rawValue, in: category,
                    message: "The file is \(type.inWords), which is not taken for \(category.rawValue).")
            ]
        }
        guard let declared, !Sniffer.declared(declared, matches: type) else { return [] }
        return [
            BrokenRule(
                "file.declared_type",
                message: "The file is declared as \(declared.rawValue), but its bytes are \(found.rawValue).",
                found: found.rawValue, allowed: declared.rawValue,
                fix: "Declare media_type \(found.rawValue), or leave media_type out.")
        ]
    }

    /// Judges a file whose header cannot be read; rule `file.damaged`.
    package func judge(damaged error: HeaderError, type: SniffedType) -> [BrokenRule] {
        let found =
            switch error {
            case .truncated(let offset): "an end after \(offset) bytes"
            case .malformed(let what), .tooComplex(let what): what
            case .unsupported(let type): type.rawValue
            case .source: "bytes that cannot be read"
            }
        return [
            BrokenRule(
                "file.damaged", message: "The \(type.rawValue) file is damaged: \(found).",
                found: found, allowed: "a complete \(type.rawValue) file",
                fix: "Open the file in a program that shows it, save it again, and upload the result.")
        ]
    }

    /// Judges subtitles: type and bytes.
    package func judge(subtitles type: SniffedType, bytes: Int64) -> [BrokenRule] {
        judge(type: type, declared: nil, category: .subtitles) + judge(bytes: bytes, category: .subtitles)
    }

    /// Judges the bytes of one request; rule `one_shot.bytes`, to be answered with 413.
    package func judgeOneShot(bytes: Int64, category: MediaCategory) -> [BrokenRule] {
        let limit = oneShotMaxBytes(for: category)
        guard bytes > limit else { return [] }
        let isSegmentable = limit < limits(for: category).maxBytes
        return [
            BrokenRule(
                "one_shot.bytes",
                message: "The file of \(bytes) bytes is larger than one request may bring for \(category.rawValue).",
                found: "\(bytes) bytes", allowed: "up to \(Measure.bytes(limit))",
                fix: isSegmentable
                    ? "Upload in segments: POST /2/media/upload/initialize, …/{id}/append, …/{id}/finalize."
                    : "Make the file smaller.")
        ]
    }

    /// Judges the bytes of a file; rule `file.bytes`.
    func judge(bytes: Int64, category: MediaCategory) -> [BrokenRule] {
        let limit = limits(for: category).maxBytes
        guard bytes > limit else { return [] }
        return [
            BrokenRule(
                "file.bytes", message: "The file has \(bytes) bytes, more than \(category.rawValue) may have.",
                found: "\(bytes) bytes", allowed: "up to \(Measure.bytes(limit)) (\(limit) bytes)",
                fix: category.mediaClass == .image
                    ? "Save the picture as JPEG with a lower quality, or scale it down."
                    : "Lower the bit rate, shorten it, or scale it down.")
        ]
    }

    private func wrongType(_ found: String, in category: MediaCategory, message: String) -> BrokenRule {
        let allowed = MediaType.allCases.filter { accepts($0, in: category) }.map(\.rawValue).joined(separator: ", ")
        return BrokenRule(
            "file.type", message: message, found: found, allowed: allowed,
            fix: "Convert the file to one of the allowed types, or choose the category that takes it.")
    }
}
