import XMedia

/// Where a page of a timeline begins; opaque to clients.
///
/// The post next to the page, not a number of posts to skip: pages stay whole while posts come and go.
enum PageToken: Equatable {
    /// The page of posts right behind this one.
    case olderThan(PostID)
    /// The page of posts right before this one.
    case newerThan(PostID)

    /// Reads the `pagination_token` of a query; nil when there is none.
    ///
    /// - Throws: 400 for a text that is no token.
    init?(_ query: FormFields) throws(HTTPProblem) {
        guard let text = query["pagination_token"] else { return nil }
        guard let token = PageToken(text) else {
            throw .invalidQuery("pagination_token", value: String(text.prefix(100)), "is not valid")
        }
        self = token
    }

    /// Reads a token; nil for everything that ``text`` does not give.
    init?(_ text: String) {
        guard let number = UInt64(text.dropFirst(), radix: 36) else { return nil }
        switch text.first {
        case "o": self = .olderThan(PostID(rawValue: number))
        case "n": self = .newerThan(PostID(rawValue: number))
        default: return nil
        }
        if self.text != text { return nil }
    }

    /// The token as clients see it.
    var text: String {
        switch self {
        case .olderThan(let id): "o" + String(id.rawValue, radix: 36)
        case .newerThan(let id): "n" + String(id.rawValue, radix: 36)
        }
    }

    /// The bound of the page's older end.
    var newerThan: PostID? {
        if case .newerThan(let id) = self { id } else { nil }
    }

    /// The bound of the page's newer end.
    var olderThan: PostID? {
        if case .olderThan(let id) = self { id } else { nil }
    }
}
