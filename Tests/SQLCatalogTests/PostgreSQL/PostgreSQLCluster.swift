import Dispatch
import Foundation
import Synchronization

@testable import SQLCatalog

/// A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it, gone with the tests' process.
///
/// A shell watches over it and reads from a pipe whose other end this process holds: however the process ends, also
/// killed, the pipe ends with it, and the shell stops the server and removes the folder.
final class PostgreSQLCluster: Sendable {
    /// The server that tests share, started by the first one that needs it.
    private static let shared = Task { try await PostgreSQLCluster.start() }

    private let folder: String
    private let watch: Process
    private let lifeline: Pipe
    private let schemas = Atomic<Int>(0)
    private let administrator: PostgreSQLDriver

    /// A new, empty schema of the shared server.
    static func schema() async throws -> PostgreSQLSettings { try await shared.value.schema() }

    /// A new, empty schema.
    func schema() async throws -> PostgreSQLSettings {
        let name = "s\(schemas.add(1, ordering: .relaxed).newValue)"
        try await administrator.write { session throws(SQLFailure) in _ = try session.execute("CREATE SCHEMA \(name)") }
        return Self.settings(folder, schema: name)
    }

    /// Settings of few connections, with which a schema is used.
    private static func settings(_ folder: String, schema: String) -> PostgreSQLSettings {
        var settings = PostgreSQLSettings(
            address:
                "host=\(folder) user=roost dbname=postgres application_name=\(schema) options='-c search_path=\(schema)'"
        )
        settings.connections = 8
        return settings
    }

    /// Starts a server; it has answered when this returns.
    static func start() async throws -> PostgreSQLCluster {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try PostgreSQLCluster() }) }
        }
    }

    private init() throws {
        folder = "/tmp/roost-postgresql-\(UUID().uuidString.prefix(8))"
        administrator = PostgreSQLDriver(Self.settings(folder, schema: "public"))
        watch = Process()
        lifeline = Pipe()
        let answer = Pipe()
        watch.executableURL = URL(fileURLWithPath: "/bin/bash")
        watch.arguments = ["-c", Self.script, "postgresql", try Self.programs(), folder]
        watch.standardInput = lifeline
        watch.standardOutput = answer
        try watch.run()
        let text = String(decoding: answer.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        guard text.hasSuffix("ready\n") else { throw Failure(text: "PostgreSQL did not start: \(text)") }
    }

    /// Stops the server at once, without its saying goodbye; it is not started again.
    func stop() throws {
        try lifeline.fileHandleForWriting.close()
        watch.waitUntilExit()
    }

    /// Stops the server at once and starts it again; it has answered when this returns.
    func restart() async throws {
        try lifeline.fileHandleForWriting.write(contentsOf: Data("restart\n".utf8))
        while !FileManager.default.fileExists(atPath: folder + "/restarted") {
            guard watch.isRunning else { throw Failure(text: "PostgreSQL did not start again") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The folder of the newest server's programs, where Debian has them.
    private static func programs() throws -> String {
        let versions = "/usr/lib/postgresql"
        let found = try FileManager.default.contentsOfDirectory(atPath: versions).compactMap { Int($0) }.max()
        guard let found else { throw Failure(text: "no server in \(versions)") }
        return "\(versions)/\(found)/bin"
    }

    struct Failure: Error {
        let text: String
    }

    /// Says "ready" on standard output and closes it.
    ///
    /// Nothing is synchronized: what a power cut leaves is not tested here.
    private static let script = """
        set -eu
        programs=$1 folder=$2 as=() server=
        trap '' INT TERM HUP PIPE  # the pipe decides
        stop() { kill -QUIT "$server" || true; wait "$server" || true; }
        trap '[ -z "$server" ] || stop; cd /; rm -rf "$folder"' EXIT
        mkdir -m 700 "$folder"
        if [ "$(id -u)" = 0 ]; then  # whom the server refuses to run as
          chown nobody "$folder"
          as=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
        fi
        cd "$folder"
        if ! "${as[@]}" "$programs/initdb" -D data -U roost -A trust -E UTF8 --locale=C.UTF-8 --no-sync >log 2>&1; then
          cat log; exit 1
        fi
        start() {
          "${as[@]}" "$programs/postgres" -D data -h '' -k "$folder" -c max_connections=200 -c shared_buffers=32MB \
            -c fsync=off -c full_page_writes=off -c deadlock_timeout=200ms >>log 2>&1 </dev/null &
          server=$!
          for _ in $(seq 600); do
            if "$programs/pg_isready" -q -h "$folder" -U roost -d postgres; then return 0; fi
            sleep 0.05
          done
          return 1
        }
        if ! start; then cat log; exit 1; fi
        echo ready
        exec >/dev/null 2>&1
        while read -r _; do stop; start && touch restarted; done
        """
}
