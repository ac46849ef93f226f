// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Hypsometer's repository: HYPSOMETER_URL=file:///path/to/a/clone does for trying things out.
let hypsometer = Context.environment["HYPSOMETER_URL"] ?? "https://git.example.org/hypsometer"

let package = Package(
    name: "additional-logger",
    dependencies: [.package(url: hypsometer, from: "0.1.0")],
    targets: [
        .executableTarget(
            name: "additional-logger", dependencies: [.product(name: "HypsometerKit", package: "hypsometer")]),
        .testTarget(name: "AdditionalLoggerTests", dependencies: ["additional-logger"]),
    ],
    swiftLanguageModes: [.v6]
)
