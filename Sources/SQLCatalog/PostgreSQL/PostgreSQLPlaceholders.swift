/// The portable placeholder `?` in PostgreSQL's words.
enum PostgreSQLPlaceholders {
    /// The statement with `$1`, `$2`, … in place of each `?` that stands outside of a quoted text.
    static func numbered(_ sql: String) -> String {
        var numbered = ""
        var count = 0
        var isQuoted = false
        for character in sql {
            if character == "'" { isQuoted.toggle() }
            if character == "?", !isQuoted {
                count += 1
                numbered += "$\(count)"
            } else {
                numbered.append(character)
            }
        }
        return numbered
    }
}
