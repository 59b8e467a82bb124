import Logging
import MediaProcessing
import Testing

/// Runs image workers around a suite; ``pool`` is theirs.
struct ImagingPoolTrait: SuiteTrait, TestScoping {
    /// The suite's pool; nil outside of suites with this trait.
    @TaskLocal static var pool: ImagingPool?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let sandbox = try await Sandbox.detect(.auto, tools: ToolPaths(programsIn: Workshop.programs))
        let pool = ImagingPool(
            ImagingPool.Configuration(command: sandbox.imagingCommand, helpers: 1), logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            try await Self.$pool.withValue(pool) { try await function() }
            group.cancelAll()
        }
    }
}

extension Trait where Self == ImagingPoolTrait {
    /// Image workers run while the suite does.
    static var imagingPool: Self { ImagingPoolTrait() }
}
