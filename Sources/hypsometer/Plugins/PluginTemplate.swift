// SPDX-License-Identifier: Apache-2.0

/// The files of a new plug-in's package.
struct PluginTemplate {
    /// What differs from kind to kind.
    struct Parts {
        var namespace: String
        /// The name of the type that does the work.
        var type: String
        /// The source file's text, and the test's body, of that type.
        var source: (_ type: String) -> String
        var test: (_ type: String) -> String
        /// The command that shows it at work.
        var tryIt: String
        /// What the manifest calls it, where that isn't the package's name.
        var entry: String?
    }

    var kind: PluginNewCommand.Kind
    var name: String
    var hypsometer: String

    /// By path.
    var files: [(path: String, text: String)] {
        let parts = parts
        return [
            ("Package.swift", package(parts)), ("\(name).entry_points", manifest(parts)),
            ("Sources/\(name)/\(parts.type).swift", parts.source(parts.type)),
            ("Tests/\(parts.type)Tests/\(parts.type)Tests.swift", test(parts)),
            (".gitignore", ".build/\nplugins/\nPackage.resolved\n"),
        ]
    }

    var tryIt: String { parts.tryIt }

    private var parts: Parts {
        switch kind {
        case .pollster: pollster
        case .discovery: discovery
        case .publisher: publisher
        case .notification: notification
        case .strategy: strategy
        case .goal: goal
        case .planner: planner
        case .scoring: scoring
        case .collector: collector
        case .extension: fleetExtension
        }
    }

    /// `host-load` is `HostLoad`.
    var base: String { name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }
    var meter: String { name.replacing("-", with: ".") }
    /// As strategies and goals are called.
    var word: String { name.replacing("-", with: "_") }

    private func package(_ parts: Parts) -> String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        // HYPSOMETER_URL=file:///path/to/a/clone does for trying things out.
        let hypsometer = Context.environment["HYPSOMETER_URL"] ?? "\(hypsometer)"

        let package = Package(
            name: "\(name)",
            dependencies: [.package(url: hypsometer, from: "\(Version.text)")],
            targets: [
                .executableTarget(
                    name: "\(name)", dependencies: [.product(name: "HypsometerKit", package: "hypsometer")]),
                .testTarget(name: "\(parts.type)Tests", dependencies: ["\(name)"]),
            ],
            swiftLanguageModes: [.v6]
        )

        """
    }

    private func manifest(_ parts: Parts) -> String {
        """
        [plugin]
        version = 0.1.0
        protocol = 1
        exec = \(name)

        [\(parts.namespace)]
        \(parts.entry ?? name) = \(parts.type)

        """
    }

    private func test(_ parts: Parts) -> String {
        """
        import HypsometerKit
        import Testing

        @testable import \(word)

        @Suite struct \(parts.type)Tests {
        \(parts.test(parts.type))
        }

        """
    }
}
