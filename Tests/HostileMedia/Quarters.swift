/// A picture of four plain quarters, to see how it was turned.
package struct Quarters: Sendable {
    /// Red, green, blue, white.
    package static let colours: [[Int]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]

    package let width: Int
    package let height: Int

    package init(width: Int = 64, height: Int = 48) {
        self.width = width
        self.height = height
    }

    /// Packed RGB: red and green above blue and white.
    package var rgb: [UInt8] {
        (0..<height).flatMap { y in
            (0..<width).flatMap { x in Self.colours[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)].map(UInt8.init)
            }
        }
    }

    /// What stands in the quarters of a picture that is stored so and has to be turned by an orientation: the indexes of
    /// ``colours`` row by row.
    ///
    /// TIFF 6.0, tag 274: which edges of the scene row 0 and column 0 of the stored picture are.
    package static func upright(_ orientation: Int) -> [Int] {
        switch orientation {
        case 2: [1, 0, 3, 2]
        case 3: [3, 2, 1, 0]
        case 4: [2, 3, 0, 1]
        case 5: [0, 2, 1, 3]
        case 6: [2, 0, 3, 1]
        case 7: [3, 1, 2, 0]
        case 8: [1, 3, 0, 2]
        default: [0, 1, 2, 3]
        }
    }

    /// The nearest of ``colours`` in the middle of each quarter of a picture.
    package static func seen(in rgb: [UInt8], width: Int, height: Int) -> [Int] {
        [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in
            let start = (height * y / 4 * width + width * x / 4) * 3
            guard start + 3 <= rgb.count else { return -1 }
            let found = rgb[start..<start + 3].map(Int.init)
            let distances = colours.map { zip($0, found).reduce(0) { $0 + abs($1.0 - $1.1) } }
            return distances.enumerated().min { $0.element < $1.element }.map(\.offset) ?? -1
        }
    }
}
