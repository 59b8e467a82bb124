// swift-tools-version: 6.2
import PackageDescription

// What Roost is measured beside: the libraries under it, doing the same without it.
let package = Package(
    name: "Peers",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    ],
    targets: [
        .executableTarget(name: "EmptyRoute", dependencies: [.product(name: "Hummingbird", package: "hummingbird")]),
        .executableTarget(name: "GroupedCommits", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
    ]
)
