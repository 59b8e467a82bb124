import MediaProcessing
import SystemPackage
import Testing

extension ImagingTests {
    /// What `roost-imaging` makes of files, through the real program.
    @Suite("Image rendering")
    struct ImageRenderingTests {
        @Test(
            "EXIF orientations come out upright, and nothing of EXIF or GPS stays", arguments: 1...8)
        func orientation(_ orientation: Int) async throws {
            try await ImagingBench.run { bench in
                let stored = Picture.quarters()
                let jpeg = try await bench.render(
                    BMP.truecolour(stored), as: .bmp, encoding: .jpeg(quality: 95)
                ).file.withExif(orientation: orientation)
                let (result, file) = try await bench.render(jpeg, as: .jpeg, encoding: .jpeg(quality: 95))
                let lies = orientation >= 5
                #expect([result.width, result.height] == (lies ? [32, 64] : [64, 32]))
                let (red, green, blue, white) = ([255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255])
                // TIFF 6.0, tag 274: which edges the stored row 0 and column 0 are.
                let expected: [[Int]] =
                    switch orientation {
                    case 2: [green, red, white, blue]
                    case 3: [white, blue, green, red]
                    case 4: [blue, white, red, green]
                    case 5: [red, blue, green, white]
                    case 6: [blue, red, white, green]
                    case 7: [white, green, blue, red]
                    case 8: [green, white, red, blue]
                    default: [red, green, blue, white]
                    }
                let picture = try await bench.decode(file, width: result.width, height: result.height)
                for (found, wanted) in zip(picture.quarterColours, expected) {
                    #expect(isClose(found, wanted), "\(found) is not \(wanted)")
                }
                #expect(jpeg.contains("Exif"))
                #expect(!file.contains("Exif"))
            }
        }

        @Test("A Display P3 colour becomes the sRGB colour that looks the same")
        func displayP3() async throws {
            try await ImagingBench.run { bench in
                let plain = try await bench.render(
                    BMP.truecolour(.plain(200, 120, 80)), as: .bmp, encoding: .jpeg(quality: 100)
                ).file
                let (result, file) = try await bench.render(plain.withProfile(ICC.displayP3), as: .jpeg)
                let colour = try await bench.decode(file, width: result.width, height: result.height)[10, 10]
                // P3 (200, 120, 80) in gamma 2.2 is about (213, 118, 71) in sRGB.
                #expect(isClose(colour, [213, 118, 71], tolerance: 4), "\(colour)")
                #expect(!file.contains("iCCP"))
            }
        }

        @Test("A broken profile is ignored")
        func brokenProfile() async throws {
            try await ImagingBench.run { bench in
                let plain = try await bench.render(
                    BMP.truecolour(.plain(200, 120, 80)), as: .bmp, encoding: .jpeg(quality: 100)
                ).file
                let profile = Array(ICC.displayP3.prefix(140))
                let picture = try await bench.pixels(of: plain.withProfile(profile), as: .jpeg)
                #expect(isClose(picture[10, 10], [200, 120, 80], tolerance: 3))
            }
        }

        @Test("Each encoding the helper writes, it reads", arguments: [ImageFormat.jpeg, .png, .webp])
        func encodings(_ format: ImageFormat) async throws {
            try await ImagingBench.run { bench in
                let encoding: ImageEncoding =
                    switch format {
                    case .jpeg: .jpeg(quality: 90)
                    case .webp: .webp(quality: 90)
                    default: .png
                    }
                let source = Picture.quarters(width: 64, height: 64)
                let file = try await bench.render(BMP.truecolour(source), as: .bmp, encoding: encoding).file
                let picture = try await bench.pixels(of: file, as: format)
                for (found, wanted) in zip(picture.quarterColours, source.quarterColours) {
                    #expect(isClose(found, wanted), "\(found) is not \(wanted)")
                }
            }
        }

        @Test("16 bit PNG, palette PNG with alpha, grey PNG")
        func pngKinds() async throws {
            try await ImagingBench.run { bench in
                let row = (0..<8).flatMap { _ in [0xC8, 0x10, 0x64, 0x20, 0x32, 0x30] as [UInt8] }
                let deep = PNG.file(width: 8, height: 2, depth: 16, colourType: 2, rows: [row, row])
                #expect(isClose(try await bench.pixels(of: deep, as: .png)[3, 1], [200, 100, 50], tolerance: 1))

                let palette = PNG.file(
                    width: 8, height: 2, depth: 8, colourType: 3,
                    chunks: [("PLTE", [255, 0, 0, 0, 0, 255]), ("tRNS", [255, 0])],
                    rows: Array(repeating: [0, 0, 0, 0, 1, 1, 1, 1], count: 2))
                let flattened = try await bench.render(palette, as: .png, encoding: .jpeg(quality: 100))
                let onWhite = try await bench.decode(flattened.file, width: 8, height: 2)
                #expect(isClose(onWhite[0, 0], [255, 0, 0], tolerance: 40))
                #expect(isClose(onWhite[7, 0], [255, 255, 255], tolerance: 20))
                let kept = try await bench.render(palette, as: .png)
                #expect(kept.file[25] == 6, "PNG colour type 6 is truecolour with alpha")

                let grey = PNG.file(
                    width: 4, height: 1, depth: 8, colourType: 0, rows: [[10, 100, 200, 255]])
                #expect(isClose(try await bench.pixels(of: grey, as: .png)[2, 0], [200, 200, 200], tolerance: 1))
            }
        }

        @Test("Grey, RGB and CMYK TIFF")
        func tiff() async throws {
            try await ImagingBench.run { bench in
                let grey = TIFF.file(
                    width: 16, height: 16, channels: 1, photometric: 1, pixels: [UInt8](repeating: 90, count: 256))
                #expect(isClose(try await bench.pixels(of: grey, as: .tiff)[8, 8], [90, 90, 90], tolerance: 1))
                let inks = (0..<256).flatMap { _ in [0, 255, 255, 0] as [UInt8] }
                let cmyk = TIFF.file(width: 16, height: 16, channels: 4, photometric: 5, pixels: inks)
                let red = try await bench.pixels(of: cmyk, as: .tiff)[8, 8]
                #expect(red[0] > 180 && red[1] < 80 && red[2] < 80, "magenta and yellow make \(red)")
            }
        }

        @Test("Of an animation the first frame")
        func animation() async throws {
            var gif = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]
            for colour in [0x44, 0x4C] as [UInt8] {
                gif += [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, colour, 1, 0]
            }
            gif.append(0x3B)
            let bytes = gif
            try await ImagingBench.run { bench in
                let picture = try await bench.pixels(of: bytes, as: .gif)
                #expect(picture.rgb.count == 3)
                #expect(isClose(picture[0, 0], [255, 0, 0], tolerance: 1))
            }
        }

        @Test("Renditions fit their boxes, are never enlarged, and come in the order asked")
        func sizes() async throws {
            try await ImagingBench.run { bench in
                let boxes = [(30, 30), (1000, 1000), (100, 20), (64, 64)]
                let result = try await bench.pool.process(
                    ImageRequest(
                        format: .bmp, maxPixels: 100_000,
                        renditions: boxes.map { .init(maxWidth: $0.0, maxHeight: $0.1, encoding: .png) }),
                    input: bench.write(BMP.truecolour(.quarters(width: 120, height: 60))),
                    outputs: boxes.map { _ in bench.fresh() })
                #expect(
                    result.renditions.map { [$0.width, $0.height] } == [[30, 15], [120, 60], [40, 20], [64, 32]])
            }
        }

        /// The expected texts are those of the PyPI package `blurhash` 1.1.5 for the same pixels.
        @Test(
            "The placeholder is the BlurHash",
            arguments: [(32, 24, "LxH27h2lwtX3mAWUjwfAgFfmfTfi"), (24, 32, "TxCt{^FpsQhjaejwgFfmfTjEb0js")])
        func blurHash(width: Int, height: Int, expected: String) async throws {
            try await ImagingBench.run { bench in
                let step = width > height ? 10 : 8
                let picture = Picture(width: width, height: height) { x, y in
                    (UInt8(x * 8), UInt8(y * step), UInt8(truncatingIfNeeded: x * y))
                }
                let result = try await bench.render(BMP.truecolour(picture), as: .bmp).result
                #expect(result.blurHash == expected)
            }
        }
    }
}
