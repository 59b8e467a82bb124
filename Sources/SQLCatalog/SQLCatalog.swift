package import MediaCore

/// The catalog in one portable SQL; each protocol of ``Catalog`` has a file of its own.
///
/// Each method is one transaction of the driver. A cancelled call runs to its end: there is no half of it to undo.
package struct SQLCatalog: Sendable {
    let driver: any SQLDriver

    /// Opens the SQLite file at a path, which is created if there is none, and brings its tables up to date.
    ///
    /// Other processes may have the same file open.
    ///
    /// - Throws: ``StoreError/corrupt(_:)`` when the file is no database, ``StoreError/unavailable(_:)`` when it cannot be
    ///   opened or was written by a newer program.
    package init(path: String, durability: Durability) async throws(StoreError) {
        try await self.init(
            driver: try await Self.opening { () throws(SQLFailure) in
                try await SQLiteDriver(path: path, durability: durability)
            })
    }

    /// A catalog in memory, empty, gone with the last reference to it; otherwise it is the same.
    package static func inMemory() async throws(StoreError) -> SQLCatalog {
        try await SQLCatalog(
            driver: try await opening { () throws(SQLFailure) in try await SQLiteDriver.inMemory() })
    }

    /// Opens the catalog in a PostgreSQL database, in the first schema of its search path, and brings its tables up to
    /// date; other nodes may do the same at the same time.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` when the server cannot be reached, or a newer program wrote the catalog.
    package init(postgreSQL settings: PostgreSQLSettings) async throws(StoreError) {
        try await self.init(driver: PostgreSQLDriver(settings))
    }

    /// A catalog on any driver, with its tables brought up to date.
    init(driver: any SQLDriver) async throws(StoreError) {
        self.driver = driver
        // Mostly there is nothing to do, and then no writer is waited for.
        let version = try? await read { session throws(SQLFailure) in try Schema.version(session) }
        if version == Schema.currentVersion { return }
        try await write { session throws(SQLFailure) in try Schema.migrate(session) }
    }

    private static func opening(
        _ open: () async throws(SQLFailure) -> SQLiteDriver
    ) async throws(StoreError) -> SQLiteDriver {
        do {
            return try await open()
        } catch {
            throw error.storeError
        }
    }
}

extension SQLCatalog {
    /// How often a method runs before a conflict is reported; two appends of one index make one.
    static let mostAttempts = 8

    /// Runs a method that only reads.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await driver.read(body)
        } catch {
            throw error.storeError
        }
    }

    /// Runs a method that writes, again as a whole when somebody else was first.
    ///
    /// - Parameter isSynchronized: false for what nobody is told of and what a start undoes anyway.
    @discardableResult
    func write<Result: Sendable>(
        isSynchronized: Bool = true, _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(StoreError) -> Result {
        var attempt = 1
        while true {
            do {
                return isSynchronized ? try await driver.write(body) : try await driver.writeUnsynchronized(body)
            } catch {
                guard case .conflict = error, attempt < Self.mostAttempts else { throw error.storeError }
                attempt += 1
            }
        }
    }

    /// Runs a method that deletes, which works on a full disk too.
    @discardableResult
    func writeDeleting<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(StoreError) -> Result {
        do {
            let result = try await write(body)
            await driver.restoreReserve()
            return result
        } catch {
            guard error == .full, await driver.releaseReserve() else { throw error }
            return try await write(body)
        }
    }
}

extension SQLCatalog {
    /// How many writes wait for their turn; for metrics.
    package var waitingWrites: Int { driver.waitingWrites }
}

extension SQLCatalog: CatalogCondition {
    package func checkReady() async throws(StoreError) {
        try await read { session throws(SQLFailure) in _ = try Schema.version(session) }
    }
}

extension SQLFailure {
    /// What the catalog's caller is told.
    var storeError: StoreError {
        switch self {
        case .conflict(let text): .unavailable("conflict: \(text)")
        case .store(let error): error
        }
    }
}
