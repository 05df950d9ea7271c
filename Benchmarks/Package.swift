// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building and testing the product never pays for it. `make bench` builds and runs it.

let package = Package(
    name: "wick-benchmarks",
    dependencies: [.package(name: "wick", path: "..")],
    targets: [
        // The plain C loops that the figures are compared with, and a count of allocations.
        .target(name: "CBaseline", linkerSettings: [.linkedLibrary("util")]),
        .executableTarget(
            name: "WickBenchmarks",
            dependencies: ["CBaseline", .product(name: "WickCore", package: "wick")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
