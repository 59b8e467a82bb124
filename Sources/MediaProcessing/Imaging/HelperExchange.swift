import CHelperChannel
import SystemPackage

/// One image through one helper: open the files, send, wait, read the answer.
///
/// Blocks, so it runs on a thread pool.
struct HelperExchange: Sendable {
    /// How it went.
    enum Outcome: Sendable {
        /// The helper answered, and then held so many resident bytes.
        case answered(Result<ImageResult, ImagingError>, residentBytes: Int)
        /// A file could not be opened or the request not be sent; the helper knows nothing of it.
        case notSent(ImagingError)
        /// The helper was gone before.
        case refused
        /// The helper did not answer.
        case timedOut
        /// The helper went before it answered.
        case gone
    }

    let job: ImagingJob
    let channel: HelperChannel
    let pid: Int32
    let deadline: Duration

    /// Performs the exchange.
    func perform() -> Outcome {
        do {
            try sendRequest()
        } catch .file(_, .brokenPipe), .file(_, .connectionReset) {
            return .refused
        } catch {
            return .notSent(error)
        }
        do {
            guard let packet = try channel.receive(within: deadline) else { return .gone }
            let result = Result { () throws(ImagingError) in try ImageResult(answer: packet.text, to: job.request) }
            return .answered(result, residentBytes: residentBytes())
        } catch {
            return error == .timedOut ? .timedOut : .gone
        }
    }

    private func sendRequest() throws(ImagingError) {
        var files: [FileDescriptor] = []
        defer {
            // The helper has its own copies.
            for file in files { try? file.close() }
        }
        files.append(try open(job.input, .readOnly, options: [.closeOnExec, .noFollow]))
        var creating: FileDescriptor.OpenOptions = [.create, .closeOnExec, .noFollow]
        if !job.wasRefused {
            // The second time they are there, empty, from the first.
            creating.insert(.exclusiveCreate)
        }
        for output in job.outputs {
            files.append(try open(output, .writeOnly, options: creating))
        }
        do {
            try channel.send(job.request.message, descriptors: files)
        } catch {
            throw .file("", error)
        }
    }

    private func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions
    ) throws(ImagingError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(path, mode, options: options, permissions: .ownerReadWrite)
        } catch {
            throw .file(path, error as? Errno ?? .ioError)
        }
    }

    /// The helper's resident memory (proc(5), `statm`, second field, in pages), or 0 when it cannot be read.
    private func residentBytes() -> Int {
        guard let file = try? FileDescriptor.open("/proc/\(pid)/statm", .readOnly, options: .closeOnExec) else {
            return 0
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 128)
        guard let count = try? bytes.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return 0 }
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(helper_page_size())
    }
}
