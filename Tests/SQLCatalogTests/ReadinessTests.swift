import MediaCore
import Testing

@testable import SQLCatalog

@Suite("Readiness")
struct ReadinessTests {
    @Test("the catalog is ready also while a write takes its time")
    func whileWriting() async throws {
        try await withTemporaryFolder { folder in
            let driver = SteppingDriver(
                base: try await SQLiteDriver(path: folder + "/catalog.sqlite", durability: .process))
            let catalog = try await SQLCatalog(driver: driver)
            driver.gate.arm(1)
            defer { driver.gate.open() }
            async let write: Void = catalog.freeAllLeases()
            while !driver.gate.isHolding { try await Task.sleep(for: .milliseconds(1)) }
            let answered = Flag()
            async let check: Void = {
                try await catalog.checkReady()
                answered.set()
            }()
            let began = ContinuousClock.now
            while !answered.isSet, began.duration(to: .now) < .seconds(10) {
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(answered.isSet)
            driver.gate.open()
            try await check
            try await write
        }
    }
}
