import ArgumentParser
import Foundation
import MediaCore
import MediaHTTP
import SQLCatalog

/// The command `roost audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show what was done to users, apps, tokens and media, and by whom.",
        discussion: """
            Newest first. The log is append-only: the database refuses to change or delete its entries. Users read their \
            own with GET /roost/audit.
            """)

    @OptionGroup var data: DataOption

    @Option(help: "Only what is about this user.")
    var user: String?

    @Option(help: "At most so many entries.")
    var limit = 50

    @Flag(help: "Print one JSON object in each line.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000") }
    }

    func run() async throws {
        let catalog = try await data.folder().openCatalog()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for entry in try await catalog.auditEntries(named: user, olderThan: nil, limit: limit).map({ AuditData($0) }) {
            if json {
                print(String(decoding: try encoder.encode(entry), as: UTF8.self))
            } else {
                let detail = (entry.detail ?? [:]).sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
                let fields = [
                    entry.at, entry.event.rawValue, entry.username ?? "-", "by \(entry.actor.rawValue)",
                    entry.app.map { "app \($0)" } ?? "", entry.address ?? "", detail.joined(separator: " "),
                ]
                print(fields.joined(separator: "\t"))
            }
        }
    }
}
