// SPDX-License-Identifier: Apache-2.0

/// The files of a new plug-in's package.
struct PluginTemplate {
    var kind: PluginNewCommand.Kind
    var name: String
    var hypsometer: String

    /// By path.
    var files: [(path: String, text: String)] {
        [
            ("Package.swift", package), ("\(name).entry_points", manifest),
            ("Sources/\(name)/\(type).swift", source), ("Tests/\(type)Tests/\(type)Tests.swift", test),
            (".gitignore", ".build/\nplugins/\nPackage.resolved\n"),
        ]
    }

    /// The command that shows it at work.
    var tryIt: String {
        switch kind {
        case .pollster: "hypsometer-polling --plugin-dir plugins --test --pollster-list '\(meter)'"
        case .discovery: "hypsometer-polling --plugin-dir plugins --validate   # and name \(name) in polling.yaml"
        case .publisher: "hypsometer-polling --plugin-dir plugins --once   # with \(name):// in pipeline.yaml"
        case .notification: "hypsometer plugin list --plugin-dir plugins"
        }
    }

    /// `host-load` is `HostLoad`.
    private var base: String { name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }
    private var meter: String { name.replacing("-", with: ".") }
    private var module: String { name.replacing("-", with: "_") }

    private var type: String {
        switch kind {
        case .pollster: base + "Pollster"
        case .discovery: base + "Discovery"
        case .publisher: base + "Publisher"
        case .notification: base + "Notifications"
        }
    }

    private var package: String {
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
                .testTarget(name: "\(type)Tests", dependencies: ["\(name)"]),
            ],
            swiftLanguageModes: [.v6]
        )

        """
    }

    private var manifest: String {
        let namespace =
            switch kind {
            case .pollster: "ceilometer.poll.compute"
            case .discovery: "ceilometer.discover"
            case .publisher: "ceilometer.publisher"
            case .notification: "ceilometer.notification"
            }
        return """
            [plugin]
            version = 0.1.0
            protocol = 1
            exec = \(name)

            [\(namespace)]
            \(name) = \(type)

            """
    }

    private var source: String {
        switch kind {
        case .pollster:
            """
            import HypsometerKit

            /// Tells how long this program has run. Put what you measure in its place.
            struct \(type): Loadable, Pollster {
                static let meter = Meter("\(meter)", .gauge, unit: "s")

                private let start = MonotonicTime.now
                private let hostName: String

                init(context: PluginContext) { hostName = context.hostName }

                func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) throws -> [Sample] {
                    let seconds = MonotonicTime.now.seconds(since: start)
                    return [Sample(Self.meter, Volume(seconds), of: Resource(id: hostName), in: cycle)]
                }
            }

            @main struct \(base)Plugin: PluginMain {
                static let entryPoints: [EntryPoint] = [
                    .pollster("\(name)", in: .compute, meters: [\(type).meter], \(type).self)
                ]
            }

            """
        case .discovery:
            """
            import HypsometerKit

            /// Finds one resource, named by the parameter. Put what you find in its place.
            struct \(type): Loadable, Discovery {
                private let hostName: String

                init(context: PluginContext) { hostName = context.hostName }

                func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
                    [Resource(id: parameter ?? hostName)]
                }
            }

            @main struct \(base)Plugin: PluginMain {
                static let entryPoints: [EntryPoint] = [.discovery("\(name)", \(type).self)]
            }

            """
        case .publisher:
            """
            import HypsometerKit

            /// Writes what it gets to the host's log. Put what you send in its place.
            struct \(type): Loadable, Publisher {
                private let log: PluginLog
                private let location: String

                init(context: PluginContext) {
                    log = context.log
                    location = context.location
                }

                func publish(_ samples: [Sample]) async throws {
                    log("\\(samples.count) samples for \\(location)")
                }
            }

            @main struct \(base)Plugin: PluginMain {
                static let entryPoints: [EntryPoint] = [.publisher("\(name)", \(type).self)]
            }

            """
        case .notification:
            """
            import HypsometerKit

            /// Counts the instances that are created. Put what you meter in its place.
            struct \(type): Loadable, NotificationPlugin {
                let eventTypes = ["compute.instance.create.end"]

                init(context: PluginContext) {}

                func process(_ notification: NotificationMessage) async throws -> [Sample] {
                    guard case .string(let id)? = notification.payload["instance_id"] else { return [] }
                    let meter = Meter("\(meter)", .delta, unit: "instance")
                    return [Sample(meter, 1, of: Resource(id: id), at: notification.timestamp)]
                }
            }

            @main struct \(base)Plugin: PluginMain {
                static let entryPoints: [EntryPoint] = [.notifications("\(name)", \(type).self)]
            }

            """
        }
    }

    private var test: String {
        let body =
            switch kind {
            case .pollster:
                """
                    @Test func samplesAreOfThisHost() throws {
                        let pollster = \(type)(context: PluginContext(hostName: "compute-1"))
                        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: [])
                        let samples = try pollster.poll([], meters: [\(type).meter.name], in: cycle)
                        #expect(samples.map(\\.resourceID) == ["compute-1"])
                    }
                """
            case .discovery:
                """
                    @Test func theParameterIsFound() async throws {
                        let discovery = \(type)(context: PluginContext(hostName: "compute-1"))
                        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: [])
                        #expect(try await discovery.discover("a", in: cycle) == [Resource(id: "a")])
                    }
                """
            case .publisher:
                """
                    @Test func anEmptyBatchIsTaken() async throws {
                        try await \(type)(context: PluginContext(location: "place")).publish([])
                    }
                """
            case .notification:
                """
                    @Test func anInstanceThatIsCreatedIsCounted() async throws {
                        let plugin = \(type)(context: PluginContext())
                        let samples = try await plugin.process(
                            NotificationMessage(
                                eventType: "compute.instance.create.end", publisherID: "compute.one",
                                payload: ["instance_id": "vm-1"]))
                        #expect(samples.map(\\.resourceID) == ["vm-1"])
                    }
                """
            }
        return """
            import HypsometerKit
            import Testing

            @testable import \(module)

            @Suite struct \(type)Tests {
            \(body)
            }

            """
    }
}
