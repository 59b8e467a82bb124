/// Where processing stands (`processing_info`), in the answers of finalize and status.
public struct ProcessingInfo: Hashable, Sendable, Codable {
    /// The way is `pending` → `in_progress` → `succeeded` or `failed`; `uploading` stands before finalize.
    public enum State: String, Sendable, Codable {
        case uploading
        case pending
        case inProgress = "in_progress"
        case succeeded
        case failed
    }

    /// Why processing failed, as v1.1 and early v2 answers carry it.
    public struct Failure: Hashable, Sendable, Codable {
        /// 1 `InvalidMedia`, 2 `InternalError`, 3 `UnsupportedMedia`.
        public var code: Int
        /// The code's name.
        public var name: String
        /// One sentence for a person.
        public var message: String

        /// Makes a failure.
        public init(code: Int, name: String, message: String) {
            self.code = code
            self.name = name
            self.message = message
        }
    }

    /// The state.
    public var state: State
    /// Seconds to wait before asking again; absent when the state is final.
    public var checkAfterSecs: Int?
    /// 0…100; never falls.
    public var progressPercent: Int?
    /// Present when the state is `failed`.
    public var error: Failure?

    /// Makes the object.
    public init(state: State, checkAfterSecs: Int? = nil, progressPercent: Int? = nil, error: Failure? = nil) {
        self.state = state
        self.checkAfterSecs = checkAfterSecs
        self.progressPercent = progressPercent
        self.error = error
    }

    enum CodingKeys: String, CodingKey {
        case state, error
        case checkAfterSecs = "check_after_secs"
        case progressPercent = "progress_percent"
    }
}
