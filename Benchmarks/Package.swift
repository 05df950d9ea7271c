// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building and testing the product never pays for it. `make bench` builds and runs it.

let package = Package(
    name: "wick-benchmarks",
    dependencies: [
        .package(name: "wick", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    ],
    targets: [
        // The plain C loops that the figures are compared with, and a count of allocations.
        .target(
            name: "CBaseline",
            linkerSettings: [.linkedLibrary("util"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .executableTarget(
            name: "WickBenchmarks",
            dependencies: [
                "CBaseline", .product(name: "WickCore", package: "wick"),
                // What a server for the network's figures is made of.
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
