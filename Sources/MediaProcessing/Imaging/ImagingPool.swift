package import Logging
import NIOPosix
package import SystemPackage

/// Warm image helpers, one image each at a time.
///
/// Each of the pool's lanes runs one `roost-imaging serve` process, started when the first image comes and replaced
/// after ``Configuration/imagesPerHelper`` images, after any failure, and when its memory has grown. A helper that dies
/// or hangs costs its own image only.
package final class ImagingPool: Sendable {
    /// How many helpers, and their bounds.
    package struct Configuration: Sendable {
        /// The command that becomes a helper, sandbox included.
        ///
        /// `bwrap … roost-sandbox launch … -- roost-imaging serve`. bubblewrap needs `--die-with-parent`.
        package var command: [String]
        /// Helpers, one for each core.
        package var helpers: Int
        /// Images that may wait for a helper; the next is refused with ``ImagingError/busy``.
        package var waiting: Int
        /// For one image.
        package var deadline: Duration = .seconds(30)
        /// For a helper's start.
        package var startDeadline: Duration = .seconds(20)
        /// Images after which a helper is replaced.
        package var imagesPerHelper = 256
        /// Resident bytes between two images above which a helper is replaced.
        package var residentBytes = 96 * 1024 * 1024

        /// Creates a configuration.
        package init(command: [String], helpers: Int, waiting: Int = 64) {
            self.command = command
            self.helpers = helpers
            self.waiting = waiting
        }
    }

    let configuration: Configuration
    let logger: Logger
    let queue: ImagingQueue
    /// Its threads wait for helpers, one each.
    let threads: NIOThreadPool

    /// Creates a pool; images wait until ``run()``.
    package init(_ configuration: Configuration, logger: Logger) {
        precondition(configuration.helpers > 0 && !configuration.command.isEmpty)
        self.configuration = configuration
        self.logger = logger
        queue = ImagingQueue(limit: configuration.waiting)
        threads = NIOThreadPool(numberOfThreads: configuration.helpers)
    }

    /// Serves until the task is cancelled.
    ///
    /// Then helpers are killed and images in work fail with
    /// ``ImagingError/stopped``. Call once.
    package func run() async {
        threads.start()
        await withDiscardingTaskGroup { group in
            for lane in 0..<configuration.helpers {
                group.addTask { await self.runLane(lane) }
            }
        }
        queue.close()
        try? await threads.shutdownGracefully()
    }

    /// Makes the renditions of one image.
    ///
    /// The outputs must not exist; they are created with mode 0600 and not synced. After an error the caller removes
    /// what exists of them. Cancelling takes back an image that still waits; one in work is finished, so that nobody
    /// writes any more when this returns.
    /// - Parameters:
    ///   - request: What to make; one rendition for each output.
    ///   - input: The image file.
    ///   - outputs: The files to create.
    /// - Returns: The sizes of what was made, and the placeholder.
    /// - Throws: ``ImagingError``.
    package func process(
        _ request: ImageRequest, input: FilePath, outputs: [FilePath]
    ) async throws(ImagingError) -> ImageResult {
        guard outputs.count == request.renditions.count, (1...ImageRequest.maxRenditions).contains(outputs.count) else {
            throw .internalFault("1 … \(ImageRequest.maxRenditions) renditions, one for each output")
        }
        let id = queue.makeID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.add(
                    ImagingJob(request: request, input: input, outputs: outputs, continuation: continuation), id: id)
            }
        } onCancel: {
            queue.withdraw(id)
        }
        queue.forget(id)
        return try result.get()
    }
}
