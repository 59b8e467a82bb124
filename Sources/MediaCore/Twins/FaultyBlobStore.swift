import NIOCore
import Synchronization

/// A store that fails or waits where a test wants it to.
///
/// ```swift
/// let store = FaultyBlobStore(InMemoryBlobStore())
/// store.inject(.write, call: 2) { throw StoreError.full }
/// store.inject(.compose, call: 1, .after) { throw StoreError.unavailable("the answer was lost") }
/// store.inject(.read, call: 1) { await gate.wait() }
/// ```
package final class FaultyBlobStore: BlobStore {
    /// What is counted.
    package enum Operation: Sendable, CaseIterable {
        /// A whole ``BlobStore/write(_:_:)``.
        case write
        /// One ``BlobWriter/write(_:)`` of any writer.
        case writeBytes
        case compose
        case adopt
        /// Opening, not the buffers that follow.
        case read
        /// One buffer of any ``BlobBytes``.
        case readBytes
        case withLocalFile
        case delete
        case list
        case availableBytes
    }

    /// On which side of the real call the fault strikes.
    package enum Moment: Sendable {
        /// Nothing was done when it throws.
        case before
        /// All was done when it throws: the answer is lost, the effect is there.
        case after
    }

    /// What happens: throws, waits, or both.
    package typealias Fault = @Sendable () async throws -> Void

    private struct Key: Hashable {
        let operation: Operation
        let call: Int
        let moment: Moment
    }

    private struct State {
        var calls: [Operation: Int] = [:]
        var faults: [Key: Fault] = [:]
    }

    private let base: any BlobStore
    private let state = Mutex(State())

    /// Makes a store that behaves like `base` until a fault is injected.
    package init(_ base: any BlobStore) { self.base = base }

    /// Lets the fault strike once.
    ///
    /// - Parameters:
    ///   - operation: what is counted.
    ///   - call: which call of it from the making of the store on, the first is 1.
    ///   - moment: before or after the real call.
    ///   - fault: what happens.
    package func inject(_ operation: Operation, call: Int, _ moment: Moment = .before, _ fault: @escaping Fault) {
        state.withLock { $0.faults[Key(operation: operation, call: call, moment: moment)] = fault }
    }

    /// How often the operation was called.
    package func calls(of operation: Operation) -> Int { state.withLock { $0.calls[operation, default: 0] } }

    package func write(
        _ name: BlobName, _ body: (any BlobWriter) async throws -> Void
    ) async throws -> StoredBlob {
        try await faulty(.write) {
            try await base.write(name) { try await body(FaultyWriter($0, of: self)) }
        }
    }

    package func compose(_ parts: [BlobPart], into name: BlobName) async throws -> ComposedBlob {
        try await faulty(.compose) { try await base.compose(parts, into: name) }
    }

    package func adopt(_ files: [FinishedFile]) async throws -> [StoredBlob] {
        try await faulty(.adopt) { try await base.adopt(files) }
    }

    package func read(_ name: BlobName, range: Range<Int64>) async throws -> BlobBytes {
        let bytes = try await faulty(.read) { try await base.read(name, range: range) }
        return BlobBytes {
            let iterator = SharedIterator(bytes.makeAsyncIterator())
            return { try await self.faulty(.readBytes) { try await iterator.next() } }
        }
    }

    package func withLocalFile<Result: Sendable>(
        _ name: BlobName, _ body: (_ path: String) async throws -> Result
    ) async throws -> Result {
        try await faulty(.withLocalFile) { try await base.withLocalFile(name, body) }
    }

    package func delete(_ names: [BlobName]) async throws {
        try await faulty(.delete) { try await base.delete(names) }
    }

    package func list(_ visit: ([StoredBlobEntry]) async throws -> Void) async throws {
        try await faulty(.list) { try await base.list(visit) }
    }

    package func availableBytes() async throws -> Int64? {
        try await faulty(.availableBytes) { try await base.availableBytes() }
    }

    /// Counts the call and lets its faults strike.
    fileprivate func faulty<Value>(_ operation: Operation, _ body: () async throws -> Value) async throws -> Value {
        let (before, after): (Fault?, Fault?) = state.withLock { state in
            let call = state.calls[operation, default: 0] + 1
            state.calls[operation] = call
            return (
                state.faults[Key(operation: operation, call: call, moment: .before)],
                state.faults[Key(operation: operation, call: call, moment: .after)]
            )
        }
        try await before?()
        let value = try await body()
        try await after?()
        return value
    }
}

private final class FaultyWriter: BlobWriter {
    private let base: any BlobWriter
    private let store: FaultyBlobStore

    init(_ base: any BlobWriter, of store: FaultyBlobStore) {
        self.base = base
        self.store = store
    }

    func write(_ bytes: ByteBuffer) async throws {
        try await store.faulty(.writeBytes) { try await base.write(bytes) }
    }
}

/// The iterator of the wrapped sequence; its copies share their position, so that it needs no lock.
private final class SharedIterator: Sendable {
    private let iterator: BlobBytes.AsyncIterator

    init(_ iterator: BlobBytes.AsyncIterator) { self.iterator = iterator }

    func next() async throws -> ByteBuffer? {
        var iterator = iterator
        return try await iterator.next()
    }
}
