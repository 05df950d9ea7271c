// swift-tools-version: 6.2
import PackageDescription

// Modules import only downward; the order below is that of docs/architecture.md, ground floor first.

/// A library module of the product with its test target beside it.
///
/// - Parameter testing: what only its tests need besides.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], testing: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies + testing,
            swiftSettings: strict),
    ]
}

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "wick",
    products: [
        // What the benchmarks measure; see Benchmarks/Package.swift.
        .library(
            name: "WickCore",
            targets: [
                "Statistics", "Bytes", "Parquet", "Journal", "Market", "Indicators", "Trading", "Rules", "Strategies",
                "Simulation", "Backtesting", "Optimization", "Storage", "Studies", "Keys", "Network", "Venues",
                "Ingestion",
                "Engine", "Terminal", "Workstation",
            ])
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    ],
    targets: [
        [
            .target(
                name: "CTerminal",
                linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")])
        ],
        module("Statistics"),
        module("Bytes"),
        [.systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])])],
        module("Parquet", ["Bytes", "CZstd"]),
        [.systemLibrary(name: "CCairo", providers: [.apt(["libcairo2-dev"])])],
        [
            .systemLibrary(name: "CJournal", providers: [.apt(["libssl-dev", "libisal-dev", "libzstd-dev"])])
        ],
        module("Journal", ["Bytes", "CJournal"]),
        [.systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])])],
        module("Keys", ["CCrypto"]),
        module("Market", ["Bytes"]),
        module("Plots", ["CCairo", "Market"]),
        module("Indicators", ["Bytes"]),
        module("Trading", ["Market", "Bytes"]),
        module(
            "Rules", ["Trading", "Indicators", "Market", "Bytes"], testing: ["Backtesting", "Strategies", "Settings"]),
        module("Strategies", ["Rules", "Trading", "Indicators", "Market", "Bytes"]),
        module("Simulation", ["Trading", "Market", "Bytes"]),
        module("Backtesting", ["Simulation", "Strategies", "Trading", "Market", "Bytes", "Statistics"]),
        module("Reports", ["Plots", "Backtesting", "Trading", "Market"], testing: ["Strategies", "Simulation"]),
        module("Optimization"),
        module("Storage", ["Market", "Trading", .product(name: "GRDB", package: "GRDB.swift")]),
        module(
            "Studies",
            ["Optimization", "Statistics", "Backtesting", "Strategies", "Simulation", "Trading", "Market", "Storage"]),
        [.systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])])],
        [.systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])])],
        [.systemLibrary(name: "CCertificate", providers: [.apt(["libssl-dev"])])],
        module(
            "Network",
            [
                "CCurl", "CCertificate", "CZlib",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], testing: ["LoopbackServer", .product(name: "NIOEmbedded", package: "swift-nio")]),
        module("Venues", ["Network", "Trading", "Market", "Keys"], testing: ["LoopbackServer", "StandIn", "CZlib"]),
        module(
            "Ingestion", ["Venues", "Network", "Storage", "Market", "Parquet", "CZlib", "CZstd"],
            testing: ["LoopbackServer", "StandIn"]),
        [.systemLibrary(name: "CStandIn", providers: [.apt(["libssl-dev"])])],
        module(
            "StandIn",
            [
                "Simulation", "Trading", "Market", "CStandIn",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], testing: ["Network"]),
        module(
            "Doctor", ["Ingestion", "Venues", "Network", "Keys", "Market"], testing: ["StandIn", "Storage"]),
        module("Settings", ["Rules", "Market", "Trading", "Yams"]),
        module(
            "Engine",
            [
                "Ingestion", "Venues", "Studies", "Optimization", "Statistics", "Backtesting", "Simulation", "Storage",
                "Strategies", "Trading", "Market", "Journal", "Bytes",
            ], testing: ["StandIn", "Network", "Keys"]),
        module("Terminal", ["CTerminal"]),
        module("Workstation", ["Engine", "Venues", "Storage", "Trading", "Indicators", "Market", "Bytes", "Terminal"]),
        [
            .executableTarget(
                name: "wick",
                dependencies: [
                    "Workstation", "Engine", "Settings", "Doctor", "StandIn", "Ingestion", "Venues", "Network",
                    "Storage", "Studies", "Optimization", "Statistics", "Reports", "Plots", "Backtesting", "Simulation",
                    "Journal", "Strategies", "Rules", "Trading", "Market", "Keys", "Bytes", "Terminal",
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                ],
                swiftSettings: strict)
        ],
        // A server on this machine that plays a venue, for tests only.
        [
            .target(
                name: "LoopbackServer", dependencies: ["CZlib"], path: "Tests/LoopbackServer", swiftSettings: strict)
        ],
        // Real processes of the built program, found beside the tests.
        [
            .testTarget(
                name: "WickTests",
                dependencies: [
                    "wick", "Engine", "StandIn", "Venues", "Keys", "Network", "Storage", "Trading", "Market", "Journal",
                    "Bytes", "LoopbackServer", "CZlib", "CZstd",
                ],
                swiftSettings: strict)
        ],
    ].flatMap { $0 },
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
