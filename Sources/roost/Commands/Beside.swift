import Foundation
import MediaCore
import SQLCatalog

/// What a command works with that tends users, apps and tokens, beside a server that may be running: its ids come from
/// another worker number than the server's.
struct Beside {
    let folder: DataFolder
    let catalog: SQLCatalog
    private let clock = SystemClock()
    private let ids: SnowflakeSource

    /// Opens the catalog of a data folder.
    ///
    /// - Throws: ``CommandFailure``.
    init(_ folder: DataFolder, creating: Bool = false) async throws {
        self.folder = folder
        catalog = try await folder.openCatalog(creating: creating)
        ids = SnowflakeSource(
            clock: SystemClock(), worker: 1 + Int(ProcessInfo.processInfo.processIdentifier) % 1023)
    }

    /// Users as the API shows them, and tokens.
    var identity: IdentityService { IdentityService(catalog: catalog, clock: clock, ids: ids) }

    /// What was done, and by whom.
    var audit: AuditLog { AuditLog(catalog: catalog, clock: clock, ids: ids) }

    /// Users who sign in.
    var accounts: AccountService {
        AccountService(catalog: catalog, passwords: PasswordHasher(), clock: clock, ids: ids)
    }

    /// What users allow apps.
    ///
    /// - Throws: ``CommandFailure`` when the key file cannot be used.
    func authorizations() throws -> AuthorizationService {
        AuthorizationService(
            catalog: catalog, apps: try apps(), identity: identity, clock: clock, ids: ids, audit: audit)
    }

    /// The apps.
    ///
    /// - Throws: ``CommandFailure`` when the key file cannot be used.
    func apps() throws -> AppService {
        AppService(catalog: catalog, sealer: try KeyFile.sealer(in: folder), clock: clock, ids: ids)
    }
}
