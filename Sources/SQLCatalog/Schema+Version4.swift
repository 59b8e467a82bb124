extension Schema {
    /// What an app asked for with a request token, when that is less than it may do.
    @Sendable
    static func version4(_ dialect: SQLDialect) -> [String] {
        ["ALTER TABLE request_tokens ADD COLUMN permission TEXT"]
    }
}
