import SystemPackage

/// One image on its way through the pool.
struct ImagingJob: Sendable {
    /// What to make.
    let request: ImageRequest
    /// The file to read.
    let input: FilePath
    /// The files to create, one for each rendition.
    let outputs: [FilePath]
    /// Whether a helper that had died while idle has refused it already.
    var wasRefused = false
    /// Where the caller waits.
    private let continuation: CheckedContinuation<Result<ImageResult, ImagingError>, Never>

    init(
        request: ImageRequest, input: FilePath, outputs: [FilePath],
        continuation: CheckedContinuation<Result<ImageResult, ImagingError>, Never>
    ) {
        self.request = request
        self.input = input
        self.outputs = outputs
        self.continuation = continuation
    }

    /// Answers the caller; exactly once.
    func finish(_ result: Result<ImageResult, ImagingError>) {
        continuation.resume(returning: result)
    }
}
