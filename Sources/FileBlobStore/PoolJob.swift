import MediaCore
import NIOPosix
import Synchronization
import SystemPackage

/// Blocking work that was given to the thread pool and is awaited later.
///
/// Awaiting is not cancelled: whoever began to write must see the end of it before it unlinks or returns. Cancellation
/// is looked at between jobs.
final class PoolJob<Value: Sendable>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Result<Value, any Error>, Never>)
        case ended(Result<Value, any Error>)
    }

    private let state = Mutex(State.running)

    /// Starts the work.
    ///
    /// - Parameters:
    ///   - pool: where it runs.
    ///   - subject: what is worked on, for the text of an error.
    ///   - work: may throw `Errno`, which is awaited as a ``StoreError``.
    init(
        on pool: NIOThreadPool, _ subject: some CustomStringConvertible & Sendable,
        _ work: @escaping @Sendable () throws -> Value
    ) {
        pool.submit { poolState in
            guard case .active = poolState else {
                return self.end(.failure(StoreError.unavailable("\(subject): the thread pool was shut down")))
            }
            do {
                self.end(.success(try work()))
            } catch let error as Errno {
                self.end(.failure(StoreError(error, subject)))
            } catch {
                self.end(.failure(error))
            }
        }
    }

    /// What came of it; asked for once.
    func value() async throws -> Value {
        try await withCheckedContinuation { continuation in
            let ended: Result<Value, any Error>? = state.withLock { state in
                if case .ended(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let ended { continuation.resume(returning: ended) }
        }.get()
    }

    private func end(_ result: Result<Value, any Error>) {
        let waiting: CheckedContinuation<Result<Value, any Error>, Never>? = state.withLock { state in
            if case .awaited(let continuation) = state { return continuation }
            state = .ended(result)
            return nil
        }
        waiting?.resume(returning: result)
    }
}

extension NIOThreadPool {
    /// Runs blocking work to its end; see ``PoolJob``.
    func run<Value: Sendable>(
        _ subject: some CustomStringConvertible & Sendable, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await PoolJob(on: self, subject, work).value()
    }

    /// Runs work that must be done in any case; on the caller's thread if the pool was shut down.
    func runAlways<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            submit { _ in continuation.resume(returning: work()) }
        }
    }
}

extension StoreError {
    /// The store's word for an error of the system.
    init(_ error: Errno, _ subject: some CustomStringConvertible) {
        switch error {
        case .noSpace, .diskQuotaExceeded: self = .full
        case .noSuchFileOrDirectory: self = .notFound
        default: self = .unavailable("\(subject): \(error)")
        }
    }
}
