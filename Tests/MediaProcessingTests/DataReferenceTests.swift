import MediaCore
import MediaRules
import Testing

@testable import MediaProcessing

/// A QuickTime movie may say that its samples lie in another file (data reference, QuickTime File Format, "dref").
@Suite("Movie that refers to another file", .imagingPool)
struct DataReferenceTests {
    @Test("the reference is not followed: no frame of the other file comes out", arguments: SandboxTests.kinds)
    func refuse(_ kind: Sandbox.Kind) async throws {
        let workshop = try Workshop(kind: kind)
        let victim = try await workshop.make(
            "victim.mov", "-f lavfi -i testsrc2=s=64x64:r=30:d=1 -c:v libx264 -pix_fmt yuv420p -bf 0")
        var movie = try workshop.read(victim)
        // The samples are wiped, and the reference names the file that has them.
        let data = try #require(movie.firstRange(of: Array("mdat".utf8)))
        let index = try #require(movie.firstRange(of: Array("moov".utf8)))
        #expect(data.lowerBound < index.lowerBound, "inserting into the index moves no sample")
        for offset in data.upperBound..<index.lowerBound - 4 { movie[offset] = 0 }
        try Self.refer(&movie, to: victim)
        let attack = try workshop.write("attack.mov", movie)

        await #expect(throws: ProcessingError.self) { try await workshop.judge(attack) }

        // The attack is a real one: a player that follows references shows the other file.
        let followed = try await workshop.make(
            "followed.mp4", "-enable_drefs 1 -use_absolute_path 1 -i \(attack) -c copy")
        #expect(try await workshop.look(at: followed).video?.nb_read_packets == "30")
    }

    /// Replaces the movie's reference to itself by an alias record with an absolute path.
    static func refer(_ movie: inout [UInt8], to path: String) throws {
        // Version, flags and the number of references stand before the first.
        let own = try #require(movie.firstRange(of: Array("dref".utf8))?.upperBound) + 8
        #expect(movie[own..<own + 4].elementsEqual([0, 0, 0, 12]), "a reference to the movie itself has no contents")
        var alias: [UInt8] = Array("alis".utf8) + [0, 0, 0, 0]  // version, flags: not this file
        alias += [UInt8](repeating: 0, count: 10)
        alias += [0] + [UInt8](repeating: 0, count: 27)  // volume
        alias += [UInt8](repeating: 0, count: 12)
        alias += [0] + [UInt8](repeating: 0, count: 63)  // file name
        alias += [UInt8](repeating: 0, count: 16)
        alias += [0xFF, 0xFF, 0xFF, 0xFF]  // levels up and down: unknown
        alias += [UInt8](repeating: 0, count: 16)
        let name = Array(path.utf8)
        alias += [0, 2] + Self.big(name.count, 2) + name + (name.count % 2 == 1 ? [0] : [])
        alias += [0xFF, 0xFF, 0, 0]
        alias = Self.big(alias.count + 4, 4) + alias
        let growth = alias.count - 12
        movie.replaceSubrange(own..<own + 12, with: alias)
        for box in ["moov", "trak", "mdia", "minf", "dinf", "dref"] {
            let start = try #require(movie[..<own].lastRange(of: box)) - 4
            let size = movie[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            movie.replaceSubrange(start..<start + 4, with: Self.big(size + growth, 4))
        }
    }

    static func big(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

extension ArraySlice<UInt8> {
    /// Where a box's name begins for the last time.
    fileprivate func lastRange(of name: String) -> Int? {
        ranges(of: Array(name.utf8)).last?.lowerBound
    }
}
