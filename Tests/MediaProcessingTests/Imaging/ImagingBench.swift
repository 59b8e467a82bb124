import Logging
import MediaProcessing
import Subprocess
import SystemPackage
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that starts real helpers, one after the other: each costs a third of a second of processor time, and many
/// at once would miss their start deadline on a small machine.
@Suite("Imaging", .serialized)
enum ImagingTests {}

/// A running pool and a folder for its files.
struct ImagingBench {
    let pool: ImagingPool
    let folder: FilePath

    /// Runs `body` with a pool of real helpers, which ends afterwards.
    static func run(
        helpers: Int = 1, waiting: Int = 64, options: [String] = [],
        configure: (inout ImagingPool.Configuration) -> Void = { _ in },
        _ body: (ImagingBench) async throws -> Void
    ) async throws {
        var template = Array("\(P_tmpdir)/imaging-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let folder = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        defer { remove(folder) }
        guard let sandbox = HelperExecutable.sandbox.path(environment: [:]),
            let imaging = HelperExecutable.imaging.path(environment: [:])
        else { throw Errno.noSuchFileOrDirectory }
        // Under a name of its own the helper can be told from those of other tests.
        let helper = folder.appending("helper")
        guard symlink(imaging.string, helper.string) == 0 else { throw Errno(rawValue: errno) }
        var configuration = ImagingPool.Configuration(
            command: [sandbox.string, "launch", "--seccomp", "decoder"] + options + ["--", helper.string, "serve"],
            helpers: helpers, waiting: waiting)
        configure(&configuration)
        let pool = ImagingPool(configuration, logger: Logger(label: "imaging"))
        try await withThrowingTaskGroup { group in
            group.addTask { await pool.run() }
            try await body(ImagingBench(pool: pool, folder: folder))
            group.cancelAll()
        }
    }

    private static func remove(_ folder: FilePath) {
        for name in names(in: folder) { unlink("\(folder)/\(name)") }
        rmdir(folder.string)
    }

    private static func names(in folder: FilePath) -> [String] {
        guard let directory = opendir(folder.string) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The process ids of this pool's helpers.
    func helpers() -> [Int32] {
        Self.names(in: "/proc").compactMap(Int32.init).filter { pid in
            readProcess(pid, "cmdline").contains(folder.appending("helper").string)
                && !readProcess(pid, "cmdline").contains("launch")
        }
    }

    /// A file of proc(5); empty when the process is gone.
    func readProcess(_ pid: Int32, _ name: String) -> [UInt8] {
        guard let file = try? FileDescriptor.open("/proc/\(pid)/\(name)", .readOnly) else { return [] }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        return Array(bytes.prefix(count))
    }

    /// Writes a file and returns its path.
    func write(_ bytes: [UInt8]) throws -> FilePath {
        let path = fresh()
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
        return path
    }

    /// A path nobody has used.
    func fresh() -> FilePath {
        folder.appending("\(UInt64.random(in: 0...UInt64.max))")
    }

    func read(_ path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            let size = Int(try file.seek(offset: 0, from: .end))
            return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// One rendition of an image in memory: what the pool said and the file it wrote.
    func render(
        _ bytes: [UInt8], as format: ImageFormat, encoding: ImageEncoding = .png, maxSide: Int = 4096,
        maxPixels: Int = 1_000_000
    ) async throws -> (result: ImageResult, file: [UInt8]) {
        let output = fresh()
        let rendition = ImageRendition(maxWidth: maxSide, maxHeight: maxSide, encoding: encoding)
        let result = try await pool.process(
            ImageRequest(format: format, maxPixels: maxPixels, renditions: [rendition]),
            input: write(bytes), outputs: [output])
        return (result, try read(output))
    }

    /// What an independent decoder sees.
    func decode(_ file: [UInt8], width: Int, height: Int) async throws -> Picture {
        let result = try await Subprocess.run(
            .name("ffmpeg"),
            arguments: try [
                "-v", "error", "-i", write(file).string, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
            ],
            output: .bytes(limit: 1 << 24))
        guard result.terminationStatus.isSuccess, result.standardOutput.count == width * height * 3 else {
            throw Errno.ioError
        }
        return Picture(width: width, height: height, rgb: result.standardOutput)
    }

    /// Renders to PNG and decodes that.
    func pixels(of bytes: [UInt8], as format: ImageFormat) async throws -> Picture {
        let (result, file) = try await render(bytes, as: format)
        return try await decode(file, width: result.width, height: result.height)
    }
}
