import MediaCore
import Synchronization

/// Two methods that are called at the same time.
struct Meeting: Sendable, CustomStringConvertible {
    let fixture: Fixture
    let operations: [Operation]

    var description: String { "\(fixture): \(operations[0].name) | \(operations[1].name)" }

    /// Calls one of them; an error is an answer, without its text, which is the database's own.
    func answer(_ party: Int, on catalog: any Catalog) async -> String {
        do {
            return try await operations[party].run(catalog, Call(party: party, kind: fixture.kind))
        } catch let error as StoreError {
            return if case .unavailable = error { "unavailable" } else { "\(error)" }
        } catch {
            return "\(error)"
        }
    }
}

/// Set once.
final class Flag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}
