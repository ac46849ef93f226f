// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// Hypsometer's repository: HYPSOMETER_URL=file:///path/to/a/clone does for trying things out.
let hypsometer = Context.environment["HYPSOMETER_URL"] ?? "https://git.example.org/hypsometer"

let package = Package(
    name: "rack-polling",
    dependencies: [.package(url: hypsometer, from: "0.1.0")],
    targets: [
        .executableTarget(
            name: "rack-polling", dependencies: [.product(name: "HypsometerKit", package: "hypsometer")]),
        .testTarget(name: "RackPollingTests", dependencies: ["rack-polling"]),
    ],
    swiftLanguageModes: [.v6]
)
