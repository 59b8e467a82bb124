// swift-tools-version: 6.2
import PackageDescription

/// The parsers with libFuzzer (https://llvm.org/docs/LibFuzzer.html), which needs every line of them compiled with
/// coverage: a package of its own that compiles the same files (the folders in `Sources` are links), optimized.
///
/// `make fuzz` builds and runs it.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
]

let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .target(name: "XMedia", swiftSettings: settings),
        .target(name: "MediaRules", dependencies: ["XMedia"], swiftSettings: settings),
        .target(name: "CWireBytes", cSettings: [.unsafeFlags(["-O3", "-fsanitize=fuzzer-no-link"])]),
        .target(name: "MultipartForm", dependencies: ["CWireBytes", nio], swiftSettings: settings),
        .target(name: "JSONBody", dependencies: ["CWireBytes", nio], swiftSettings: settings),
        .target(
            name: "OAuth", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: settings),
        .target(name: "RandomSupport", swiftSettings: settings),
        .target(
            name: "FuzzSupport",
            dependencies: ["JSONBody", "MediaRules", "MultipartForm", "OAuth", "RandomSupport", "XMedia", nio],
            swiftSettings: settings),
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "fuzz", dependencies: ["CFuzzer", "FuzzSupport"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
    ]
)
