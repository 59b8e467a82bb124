import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// How often the program asks for memory while it takes uploads: a count that tells a hot path grown longer, on any machine.
@Suite("Allocations", .serialized)
struct AllocationTests {
    /// A library that counts the calls in a file which the test maps too; loaded before the program's others.
    private static let counter = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stddef.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>

        extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
        extern void *__libc_memalign(size_t, size_t);

        static uint64_t before, *count = &before;

        __attribute__((constructor)) static void map_counter(void) {
            int file = open(getenv("ROOST_TEST_ALLOCATIONS"), O_RDWR | O_CLOEXEC);
            // The programs that the server starts are not meant.
            if (file < 0 || strcmp(program_invocation_short_name, "roost") != 0) return;
            void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            if (page != MAP_FAILED) count = page;
        }

        static void add(void) { __atomic_fetch_add(count, 1, __ATOMIC_RELAXED); }

        void *malloc(size_t size) { add(); return __libc_malloc(size); }
        void *calloc(size_t number, size_t size) { add(); return __libc_calloc(number, size); }
        void *realloc(void *old, size_t size) { add(); return __libc_realloc(old, size); }
        void *aligned_alloc(size_t alignment, size_t size) { add(); return __libc_memalign(alignment, size); }
        int posix_memalign(void **result, size_t alignment, size_t size) {
            add();
            *result = __libc_memalign(alignment, size);
            return *result == NULL ? ENOMEM : 0;
        }
        """

    /// The server with the counter.
    private func startCounted(in folder: String) throws -> (server: RoostProcess, count: () throws -> UInt64) {
        let (source, library, file) = ("\(folder)/counter.c", "\(folder)/counter.so", "\(folder)/count")
        try Self.counter.write(toFile: source, atomically: true, encoding: .utf8)
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-O2", "-o", library, source]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        try Data(count: 4096).write(to: URL(fileURLWithPath: file))
        let server = try RoostProcess(
            data: "\(folder)/data", environment: ["LD_PRELOAD": library, "ROOST_TEST_ALLOCATIONS": file])
        return (
            server,
            {
                try Data(contentsOf: URL(fileURLWithPath: file)).prefix(8)
                    .reversed().reduce(0) { $0 << 8 | UInt64($1) }
            }
        )
    }

    // Found in a build for debugging on a busy machine: 743 (multipart) and 549 (JSON) for each MiB, with all that a request
    // costs. The slower the client, the more reads a MiB takes, and each costs some.
    @Test("an append of 4 MiB takes a bounded number of allocations for each MiB", arguments: [false, true])
    func append(isJSON: Bool) async throws {
        let folder = try TemporaryFolder()
        let (server, count) = try startCounted(in: folder.path)
        let api = APIClient(url: server.url, token: try server.token())
        let segment = Data((0..<4 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) })
        let id = try await api.initialize(bytes: 8 * segment.count, type: "video/mp4", category: "amplify_video")
        let encoded = segment.base64EncodedString()
        func append(_ index: Int) async throws {
            let answer =
                isJSON
                ? try await api.json(
                    .POST, "/2/media/upload/\(id)/append", #"{"segment_index":\#(index),"media":"\#(encoded)"}"#)
                : try await api.append(id, index: index, segment)
            #expect(answer.status == 200)
        }
        // What is made once and kept is not meant.
        for index in 0..<4 { try await append(index) }
        let before = try count()
        for index in 4..<8 { try await append(index) }
        let perMebibyte = (try count() - before) / 16
        print("allocations for each MiB, \(isJSON ? "JSON" : "multipart"): \(perMebibyte)")
        #expect(perMebibyte > 0 && perMebibyte < 3000)
        #expect(server.terminate() == 0)
    }
}
