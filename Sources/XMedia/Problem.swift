/// A problem in X's frame: RFC 9457 members, plus `errors[]` and the members of the nine problem types.
///
/// The live service sends `title`, `detail`, `type` and, for invalid requests, `errors[{message, parameters}]`; OpenAPI
/// 2.167 describes problems by `type`, `title`, `detail` (https://docs.x.com/openapi.json). Roost sends both.
public struct Problem: Hashable, Sendable, Codable, Error {
    /// One fault of a request, or one rule that a file breaks.
    public struct Item: Hashable, Sendable, Codable {
        /// What is wrong, in one sentence.
        public var message: String
        /// The offending parameters and their values, as X writes them.
        public var parameters: [String: [String]]?
        /// The broken rule's name; Roost's own member, as are the three below.
        public var rule: String?
        /// The value found.
        public var found: String?
        /// The values allowed.
        public var allowed: String?
        /// What to do about it.
        public var fix: String?

        /// Makes an item.
        public init(
            message: String, parameters: [String: [String]]? = nil, rule: String? = nil, found: String? = nil,
            allowed: String? = nil, fix: String? = nil
        ) {
            self.message = message
            self.parameters = parameters
            self.rule = rule
            self.found = found
            self.allowed = allowed
            self.fix = fix
        }
    }

    /// The problem type's URI, `about:blank` when the status says all.
    public var type: String
    /// The type in words.
    public var title: String
    /// This occurrence in words.
    public var detail: String
    /// The HTTP status.
    public var status: Int?
    /// The single faults.
    public var errors: [Item]?
    /// For a resource that was not found: its kind (`media`, `tweet`, `user`).
    public var resourceType: String?
    /// For a resource that was not found: its id.
    public var resourceID: String?
    /// The request's parameter that is at fault.
    public var parameter: String?
    /// That parameter's value.
    public var value: String?
    /// The scopes that the token lacks; Roost's own member.
    public var missingScopes: [String]?
    /// In a list of broken rules: the rule's name; Roost's own member, as are the three below.
    public var rule: String?
    /// The value found.
    public var found: String?
    /// The values allowed.
    public var allowed: String?
    /// What to do about it.
    public var fix: String?

    /// Makes a problem.
    public init(type: String, title: String, detail: String, status: Int? = nil, errors: [Item]? = nil) {
        self.type = type
        self.title = title
        self.detail = detail
        self.status = status
        self.errors = errors
    }

    enum CodingKeys: String, CodingKey {
        case type, title, detail, status, errors, parameter, value, rule, found, allowed, fix
        case resourceType = "resource_type"
        case resourceID = "resource_id"
        case missingScopes = "missing_scopes"
    }
}

/// The URIs of the problem types that Roost sends.
public enum ProblemType {
    /// The status says all.
    public static let blank = "about:blank"
    /// A parameter or the body is wrong.
    public static let invalidRequest = "https://api.x.com/2/problems/invalid-request"
    /// The media, post or user does not exist for this token.
    public static let resourceNotFound = "https://api.x.com/2/problems/resource-not-found"
    /// The kind of token is refused here.
    public static let unsupportedAuthentication = "https://api.x.com/2/problems/unsupported-authentication"
    /// The app's permission does not suffice.
    public static let oauth1Permissions = "https://api.x.com/2/problems/oauth1-permissions"
    /// A failure of the server.
    public static let internalError = "https://api.x.com/2/problems/internal-error"
    /// Not allowed for this user.
    public static let notAuthorizedForResource = "https://api.x.com/2/problems/not-authorized-for-resource"
}
