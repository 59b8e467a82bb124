package import Logging
import XMedia

/// What the services and the tasks of one server share: its stores, its clock, its sources of names, and the signals
/// between them.
package struct CoreContext: Sendable {
    package let catalog: any Catalog
    package let blobs: any BlobStore
    package let clock: any WallClock
    package let ids: SnowflakeSource
    package let namer: BlobNamer
    package let logger: Logger

    /// Given when a job was queued.
    package let jobs = JobSignal()
    /// Given when attempts were superseded, or media is to be erased.
    package let discards = JobSignal()
    /// Tells the end of jobs to finalize.
    package let outcomes = OutcomeBoard()

    package init(
        catalog: any Catalog, blobs: any BlobStore, clock: any WallClock, ids: SnowflakeSource, namer: BlobNamer,
        logger: Logger
    ) {
        self.catalog = catalog
        self.blobs = blobs
        self.clock = clock
        self.ids = ids
        self.namer = namer
        self.logger = logger
    }
}

/// A service or a task of a server; what all of them share is at hand in it.
protocol CoreMember {
    var context: CoreContext { get }
}

extension CoreMember {
    var catalog: any Catalog { context.catalog }
    var blobs: any BlobStore { context.blobs }
    var clock: any WallClock { context.clock }
    var ids: SnowflakeSource { context.ids }
    var namer: BlobNamer { context.namer }
    var logger: Logger { context.logger }
    var jobs: JobSignal { context.jobs }
    var discards: JobSignal { context.discards }
    var outcomes: OutcomeBoard { context.outcomes }
}
