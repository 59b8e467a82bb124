// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target.
///
/// - `ExistentialAny`: SE-0335, an existential is written `any P`.
/// - `MemberImportVisibility`: SE-0444, a member needs its module imported in the file that uses it.
/// - `InternalImportsByDefault`: SE-0409, what a target re-exports is said with `public`/`package import`.
/// - `NonisolatedNonsendingByDefault`: SE-0461, an async function runs on its caller's executor.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The build links C programs to Swift's runtime too, which is not there inside the sandbox.
let withoutSwiftRuntime: [LinkerSetting] = [.unsafeFlags(["-static-stdlib"], .when(platforms: [.linux]))]

let package = Package(
    name: "roost",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "XMedia", targets: ["XMedia"]),
        .executable(name: "roost", targets: ["roost"]),
        .executable(name: "roost-imaging", targets: ["roost-imaging"]),
        .executable(name: "roost-sandbox", targets: ["roost-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: [.defaults, "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // The wire: vocabulary, rules, body formats. No I/O.
        .target(name: "XMedia", swiftSettings: settings),
        .target(name: "MediaRules", dependencies: ["XMedia"], swiftSettings: settings),
        .target(name: "CWireBytes", cSettings: [.unsafeFlags(["-O3"])]),
        .target(
            name: "MultipartForm",
            dependencies: ["CWireBytes", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .target(
            name: "JSONBody",
            dependencies: ["CWireBytes", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),

        // The rules of OAuth 1.0a and 2.0, one folder per RFC. No I/O.
        .target(
            name: "OAuth", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: settings),

        // The core: services, the upload's state machine, the seams.
        .target(name: "CChecksum", cSettings: [.unsafeFlags(["-O3"])]),
        .target(
            name: "MediaCore",
            dependencies: [
                "CChecksum", "MediaRules", "OAuth", "XMedia",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // The adapters, one for each seam.
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CSQLiteReads"),
        .target(
            name: "SQLCatalog",
            dependencies: [
                "CPostgreSQL", "CSQLiteReads", "MediaCore", "MediaRules", "XMedia",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(name: "CFileOperations"),
        .target(
            name: "FileBlobStore",
            dependencies: [
                "CChecksum", "CFileOperations", "MediaCore", "XMedia",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .target(name: "CHelperChannel"),
        .target(
            name: "MediaProcessing",
            dependencies: [
                "CHelperChannel", "MediaCore", "MediaRules", "XMedia",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .systemLibrary(name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .target(name: "CSeccompFilter"),
        .executableTarget(
            name: "roost-imaging", dependencies: ["CSeccompFilter", "CVips"],
            linkerSettings: [.linkedLibrary("m")] + withoutSwiftRuntime),
        .executableTarget(
            name: "roost-sandbox", dependencies: ["CSeccompFilter"], linkerSettings: withoutSwiftRuntime),

        // The edge.
        .target(
            name: "MediaHTTP",
            dependencies: [
                "JSONBody", "MediaCore", "MediaRules", "MultipartForm", "OAuth", "XMedia",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(name: "CProcessMemory"),
        .executableTarget(
            name: "roost",
            dependencies: [
                "CProcessMemory", "FileBlobStore", "MediaCore", "MediaHTTP", "MediaProcessing", "MediaRules",
                "OAuth", "SQLCatalog", "XMedia",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        // Random numbers of all tests: they come again with their seed.
        .target(name: "RandomSupport", path: "Tests/RandomSupport", swiftSettings: settings),

        // What every implementation of a seam must do, as lists of rules.
        .target(
            name: "BlobStoreConformance",
            dependencies: [
                "CChecksum", "MediaCore", "RandomSupport", "XMedia",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/Conformance/BlobStore", swiftSettings: settings),
        .target(
            name: "CatalogConformance", dependencies: ["MediaCore", "MediaRules", "XMedia"],
            path: "Tests/Conformance/Catalog", swiftSettings: settings),

        // The built program and a plain client of its API, for the tests that run it.
        .target(
            name: "ProgramSupport",
            dependencies: [
                "CChecksum", "RandomSupport", "XMedia",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/ProgramSupport", swiftSettings: settings),

        // What must hold for all bytes that parsers get; `Fuzzing/` compiles the same files for libFuzzer.
        .target(
            name: "FuzzSupport",
            dependencies: [
                "JSONBody", "MediaRules", "MultipartForm", "OAuth", "RandomSupport", "XMedia",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/FuzzSupport", swiftSettings: settings),
        // Makers of hostile and of private files.
        .target(name: "HostileMedia", path: "Tests/HostileMedia", swiftSettings: settings),

        .testTarget(name: "CChecksumTests", dependencies: ["CChecksum", "RandomSupport"], swiftSettings: settings),
        .testTarget(name: "CrashTests", dependencies: ["ProgramSupport"], swiftSettings: settings),
        .testTarget(name: "CWireBytesTests", dependencies: ["CWireBytes", "RandomSupport"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "ProgramSupport", "XMedia",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "ProgramSupport", "XMedia",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["Shim"], swiftSettings: settings),
        .testTarget(
            name: "FileBlobStoreTests",
            dependencies: [
                "BlobStoreConformance", "CChecksum", "FileBlobStore", "MediaCore", "XMedia",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "FuzzSupport", "JSONBody", "MediaHTTP", "MultipartForm", "RandomSupport", "XMedia",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "HTTPAttackTests",
            dependencies: [
                "ProgramSupport", "XMedia", .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "JSONBodyTests",
            dependencies: ["JSONBody", "RandomSupport", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(
            name: "MediaAttackTests",
            dependencies: [
                "HostileMedia", "ProgramSupport", "XMedia",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MediaCoreTests",
            dependencies: [
                "MediaCore", "MediaRules", "OAuth", "SQLCatalog", "XMedia",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MediaHTTPTests",
            dependencies: [
                "MediaCore", "MediaHTTP", "MediaRules", "MultipartForm", "OAuth", "SQLCatalog", "XMedia",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MediaProcessingTests",
            dependencies: [
                "HostileMedia", "MediaCore", "MediaProcessing", "MediaRules", "XMedia",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MediaRulesTests", dependencies: ["MediaRules", "RandomSupport", "XMedia"], swiftSettings: settings),
        .testTarget(
            name: "MultipartFormTests",
            dependencies: ["MultipartForm", "RandomSupport", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(name: "OAuthTests", dependencies: ["OAuth"], swiftSettings: settings),
        .testTarget(
            name: "PowerLossTests", dependencies: ["ProgramSupport", "RandomSupport"], exclude: ["Shim"],
            swiftSettings: settings),
        .testTarget(
            name: "ScheduleTests",
            dependencies: [
                "FileBlobStore", "MediaCore", "MediaRules", "ProgramSupport", "RandomSupport", "SQLCatalog", "XMedia",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SoakTests",
            dependencies: ["ProgramSupport", "XMedia", .product(name: "NIOHTTP1", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(
            name: "SQLCatalogTests",
            dependencies: [
                "CPostgreSQL", "CatalogConformance", "MediaCore", "MediaRules", "RandomSupport", "SQLCatalog", "XMedia",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(name: "XMediaTests", dependencies: ["XMedia"], swiftSettings: settings),
    ]
)
