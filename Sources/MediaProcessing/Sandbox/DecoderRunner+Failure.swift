import MediaCore
import MediaRules

/// What it says about the media that a decoder gave up.
extension DecoderRunner {
    /// Words of decoders about what they did not get from the machine: ENOMEM, EAGAIN, EMFILE as strerror(3) has them; and
    /// what ffmpeg says, without a cause, when an encoder gets no threads.
    ///
    /// A file that has taken a decoder over can say the same: so each is a strike, and none is a reason to try for ever.
    private static let lacks: [(words: String, message: String)] = [
        ("Cannot allocate memory", "Processing needed more memory than allowed."),
        ("Resource temporarily unavailable", "The decoder could not start its threads."),
        ("Error while opening encoder", "The encoder could not be started."),
        ("Too many open files", "The decoder could not open its files."),
    ]

    /// Returns what a decoder's failure means; its exit status is the same for everything, so its complaint decides.
    ///
    /// - Parameters:
    ///   - original: the path of the file that it read.
    ///   - scratch: the folder that it wrote to, if any.
    /// - Throws: `unavailable` when the original cannot be read from here either; `cancelled`.
    func failure(
        _ result: DecoderResult, of original: String, _ type: SniffedType, scratch: String? = nil
    ) async throws(ProcessingError) -> ProcessingError {
        let complaint = result.complaint
        if let scratch, FreeSpace.isBlamed(in: complaint) {
            return try await threadPool.isShortOfSpace(in: scratch)
                ? .unavailable("no space left in \(scratch)")
                : .decoderFailed("The decoder could not write its output.")
        }
        for lack in Self.lacks where complaint.contains(lack.words) { return .decoderFailed(lack.message) }
        // ffmpeg says so of files that end early as well: a disk that does not give the bytes is seen from here.
        if complaint.contains("Input/output error") {
            try await threadPool.withFile(original) { try $0.readThrough() }
        }
        return .refused([.undecodable(type)])
    }
}

extension FileByteSource {
    /// Reads all bytes, and forgets them.
    ///
    /// - Throws: as pread(2).
    fileprivate func readThrough() throws {
        var offset: Int64 = 0
        while offset < size {
            let count = try read(at: offset, count: 1 << 20).count
            guard count > 0 else { return }
            offset += Int64(count)
        }
    }
}
