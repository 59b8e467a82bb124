import Foundation
import ProgramSupport

/// What the program's allocator says of itself, while the program runs.
///
/// Resident memory says little about a leak: freed memory stays in the allocator's heaps, and the program's code comes
/// and goes page by page. What is in use is what was asked for and not given back.
final class HeapWatch {
    /// What the program needs in its environment to be watched.
    let environment: [String: String]
    private let file: String

    /// A library with a thread that writes mallinfo2(3) into a file ten times a second.
    private static let source = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <malloc.h>
        #include <pthread.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <time.h>

        static void *watch(void *page) {
            volatile uint64_t *facts = page;
            for (;;) {
                struct mallinfo2 heap = mallinfo2();
                facts[0] = heap.uordblks + heap.hblkhd;
                facts[1] = heap.fordblks;
                nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
            }
        }

        __attribute__((constructor)) static void start(void) {
            // The programs that the server starts are not meant.
            if (strcmp(program_invocation_short_name, "roost") != 0) return;
            int file = open(getenv("ROOST_TEST_HEAP"), O_RDWR | O_CLOEXEC);
            void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            pthread_t thread;
            if (page != MAP_FAILED) pthread_create(&thread, NULL, watch, page);
        }
        """

    /// Makes the library in a folder.
    init(in folder: String) throws {
        file = "\(folder)/heap"
        let (source, library) = ("\(folder)/heap.c", "\(folder)/heap.so")
        try Self.source.write(toFile: source, atomically: true, encoding: .utf8)
        try Data(count: 4096).write(to: URL(fileURLWithPath: file))
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-O2", "-o", library, source]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw RoostProcess.Failure(description: "the library that watches the heap did not compile")
        }
        environment = ["LD_PRELOAD": library, "ROOST_TEST_HEAP": file]
    }

    /// Bytes in use, and bytes that were freed and that the allocator keeps.
    func read() throws -> (used: Int, kept: Int) {
        let facts = try Data(contentsOf: URL(fileURLWithPath: file)).prefix(16)
        return facts.withUnsafeBytes { bytes in
            (bytes.loadUnaligned(as: Int.self), bytes.loadUnaligned(fromByteOffset: 8, as: Int.self))
        }
    }
}
