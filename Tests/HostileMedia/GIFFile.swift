/// Animated GIFs (GIF89a) of one colour.
package enum GIFFile {
    /// An animation.
    ///
    /// - Parameters:
    ///   - width: of the screen; each frame is one pixel.
    ///   - height: of the screen.
    ///   - delay: of each frame in hundredths of a second.
    package static func animation(width: Int, height: Int, frames: Int, delay: Int) -> [UInt8] {
        var file: [UInt8] = .text("GIF89a")
        file += [UInt8].little16(width)
        file += [UInt8].little16(height)
        file += [0x80, 0, 0, 255, 0, 0, 0, 0, 255]
        let pixels: [[UInt8]] = [[0x44, 0x01], [0x4C, 0x01]]  // LZW: clear, the colour 0 or 1, end
        for frame in 0..<frames {
            file += [0x21, 0xF9, 4, 0]
            file += [UInt8].little16(delay)
            file += [0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2]
            file += pixels[frame % 2]
            file.append(0)
        }
        return file + [0x3B]
    }
}
