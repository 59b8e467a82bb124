import MediaProcessing
import SystemPackage
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension ImagingTests {
    /// The pool and its real helpers.
    @Suite("Imaging pool")
    struct ImagingPoolTests {
        @Test(
            "Truncated and corrupt files are errors, and the next image is served",
            arguments: [ImageFormat.jpeg, .png, .webp])
        func damage(_ format: ImageFormat) async throws {
            try await ImagingBench.run { bench in
                let encoding: ImageEncoding =
                    switch format {
                    case .jpeg: .jpeg(quality: 90)
                    case .webp: .webp(quality: 90)
                    default: .png
                    }
                let noise = Picture(width: 128, height: 128) { x, y in
                    (UInt8(truncatingIfNeeded: x &* 31 ^ y &* 17), UInt8(x * 2), UInt8(y * 2))
                }
                let good = try await bench.render(BMP.truecolour(noise), as: .bmp, encoding: encoding).file
                for length in [0, 1, 20, good.count / 4, good.count / 2, good.count - 40] {
                    await #expect(throws: ImagingError.self, "\(length) of \(good.count) bytes") {
                        _ = try await bench.render(Array(good.prefix(length)), as: format)
                    }
                }
                let error = await #expect(throws: ImagingError.self) {
                    _ = try await bench.render(Array(good.prefix(good.count / 2)), as: format)
                }
                guard case .truncated = error else {
                    Issue.record("half a file is \(String(describing: error))")
                    return
                }
                _ = try await bench.render(good, as: format)
            }
        }

        @Test("The loader is the one asked for, whatever the bytes are")
        func wrongFormat() async throws {
            try await ImagingBench.run { bench in
                for format in ImageFormat.allCases where format != .bmp {
                    await #expect(throws: ImagingError.self) {
                        _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: format)
                    }
                }
            }
        }

        @Test("More pixels than allowed are refused before decoding")
        func tooLarge() async throws {
            try await ImagingBench.run { bench in
                await #expect(throws: ImagingError.tooLarge("48 x 32 is more than 1535 pixels")) {
                    _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp, maxPixels: 1535)
                }
            }
        }

        @Test("One owner's pixels never show in another's image")
        func owners() async throws {
            try await ImagingBench.run { bench in
                let red = try await bench.render(
                    BMP.truecolour(.plain(255, 0, 0)), as: .bmp, encoding: .jpeg(quality: 95)
                )
                .file
                let blue = try await bench.render(
                    BMP.truecolour(.plain(0, 0, 255)), as: .bmp, encoding: .jpeg(quality: 95)
                )
                .file
                for _ in 0..<4 {
                    #expect(isClose(try await bench.pixels(of: red, as: .jpeg)[20, 20], [254, 0, 0], tolerance: 3))
                    #expect(isClose(try await bench.pixels(of: blue, as: .jpeg)[20, 20], [0, 0, 254], tolerance: 3))
                }
            }
        }

        @Test("A warm helper runs under seccomp and no_new_privs, and is replaced after its number of images")
        func sandboxAndReplacement() async throws {
            try await ImagingBench.run(configure: { $0.imagesPerHelper = 2 }) { bench in
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                let first = try #require(bench.helpers().first)
                let status = String(decoding: bench.readProcess(first, "status"), as: UTF8.self)
                #expect(status.contains("Seccomp:\t2"))
                #expect(status.contains("NoNewPrivs:\t1"))
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                #expect(!bench.helpers().contains(first))
            }
        }

        @Test("A helper that dies in its work costs that image only")
        func dies() async throws {
            // The order of protocol.h, then its end: for each image a new one.
            let program = """
                import os, signal, socket
                channel = socket.socket(fileno=0)
                channel.send(b"ready 1\\n")
                channel.recv(2048)
                os.kill(os.getpid(), signal.SIGKILL)
                """
            try await ImagingBench.run(configure: { $0.command = ["/usr/bin/env", "python3", "-c", program] }) {
                bench in
                for _ in 0..<2 {
                    await #expect(throws: ImagingError.helperDied(.signaled(9))) {
                        _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                    }
                }
            }
        }

        @Test("A helper that says something else than it should is not believed")
        func lies() async throws {
            let program = """
                import socket
                channel = socket.socket(fileno=0)
                channel.send(b"ready 1\\n")
                channel.recv(2048)
                channel.send(b"ok 1 1 hash\\nrendition 99999 1 1\\n")
                """
            try await ImagingBench.run(configure: { $0.command = ["/usr/bin/env", "python3", "-c", program] }) {
                bench in
                await #expect(throws: ImagingError.internalFault("an answer of another form")) {
                    _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                }
            }
        }

        @Test("A helper that died while idle costs nothing")
        func diesIdle() async throws {
            try await ImagingBench.run { bench in
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                let helper = try #require(bench.helpers().first)
                kill(helper, SIGKILL)
                while bench.helpers().contains(helper) { await Task.yield() }
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
            }
        }

        @Test("A helper that hangs is killed at the deadline and replaced")
        func hangs() async throws {
            try await ImagingBench.run(configure: { $0.deadline = .milliseconds(1500) }) { bench in
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                let helper = try #require(bench.helpers().first)
                kill(helper, SIGSTOP)
                await #expect(throws: ImagingError.timedOut) {
                    _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                }
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
            }
        }

        @Test("What cannot start says why")
        func unavailable() async throws {
            try await ImagingBench.run(options: ["--nice", "x"]) { bench in
                await #expect(
                    throws: ImagingError.helperUnavailable("roost-sandbox: --nice: not a number in range\n")
                ) {
                    _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                }
            }
        }

        @Test("Missing input and existing output are named")
        func files() async throws {
            try await ImagingBench.run { bench in
                let request = ImageRequest(
                    format: .bmp, maxPixels: 10, renditions: [.init(maxWidth: 1, maxHeight: 1, encoding: .png)])
                let missing = bench.fresh()
                await #expect(throws: ImagingError.file(missing, .noSuchFileOrDirectory)) {
                    _ = try await bench.pool.process(request, input: missing, outputs: [bench.fresh()])
                }
                let existing = try bench.write([1])
                await #expect(throws: ImagingError.file(existing, .fileExists)) {
                    _ = try await bench.pool.process(request, input: existing, outputs: [existing])
                }
            }
        }

        @Test("Two helpers serve many images at once; what does not fit the queue is refused")
        func crowd() async throws {
            try await ImagingBench.run(helpers: 2, waiting: 30) { bench in
                let results = await withTaskGroup(of: ImagingError?.self) { group in
                    for shade in 0..<60 {
                        group.addTask {
                            do {
                                let picture = Picture.plain(UInt8(shade), 0, 0)
                                let (result, _) = try await bench.render(BMP.truecolour(picture), as: .bmp)
                                return result.width == 48 ? nil : .internalFault("width")
                            } catch {
                                return error as? ImagingError ?? .internalFault("\(error)")
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.allSatisfy { $0 == nil || $0 == .busy }, "\(results)")
                #expect(results.count { $0 == nil } >= 30)
            }
        }

        @Test("After the pool's end everything is refused and no helper is left")
        func stopped() async throws {
            var left: ImagingBench?
            var helper: Int32?
            try await ImagingBench.run { bench in
                _ = try await bench.render(BMP.truecolour(.plain(1, 2, 3)), as: .bmp)
                helper = bench.helpers().first
                left = bench
            }
            let pid = try #require(helper)
            let bench = try #require(left)
            #expect(!bench.helpers().contains(pid))
            let request = ImageRequest(
                format: .bmp, maxPixels: 10, renditions: [.init(maxWidth: 1, maxHeight: 1, encoding: .png)])
            await #expect(throws: ImagingError.stopped) {
                _ = try await bench.pool.process(request, input: "/dev/null", outputs: [bench.fresh()])
            }
        }
    }
}
