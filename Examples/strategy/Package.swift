// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Hypsometer's repository: HYPSOMETER_URL=file:///path/to/a/clone does for trying things out.
let hypsometer = Context.environment["HYPSOMETER_URL"] ?? "https://git.example.org/hypsometer"

let package = Package(
    name: "third-party-strategy",
    dependencies: [.package(url: hypsometer, from: "0.1.0")],
    targets: [
        .executableTarget(
            name: "third-party-strategy", dependencies: [.product(name: "HypsometerKit", package: "hypsometer")]),
        .testTarget(name: "DummyStrategyTests", dependencies: ["third-party-strategy"]),
    ],
    swiftLanguageModes: [.v6]
)
