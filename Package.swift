// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioGzip = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

let package = Package(
    name: "hypsometer",
    products: [
        .executable(name: "hypsometer-polling", targets: ["hypsometer-polling"]),
        .executable(name: "hypsometer", targets: ["hypsometer"]),
        .library(name: "ClusterModel", targets: ["ClusterModel"]),
        .library(name: "DecisionEngine", targets: ["DecisionEngine"]),
        .library(name: "FleetExtensions", targets: ["FleetExtensions"]),
        .library(name: "HypsometerKit", targets: ["HypsometerKit"]),
        .library(name: "Libvirt", targets: ["Libvirt"]),
        .library(name: "ModelCollectors", targets: ["ModelCollectors"]),
        .library(name: "Optimization", targets: ["Optimization"]),
        .library(name: "Telemetry", targets: ["Telemetry"]),
    ],
    traits: [
        .trait(
            name: "Compute",
            description: "Pollsters that read libvirt. Without it the agent does not link libvirt."
        ),
        .default(enabledTraits: ["Compute"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.31.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
    ],
    targets: [
        // Kit: words and contracts
        .target(name: "Telemetry", path: "Sources/Kit/Telemetry"),
        // Whoever imports Foundation or Glibc links the mathematical library unasked; the Kit imports neither.
        .target(
            name: "ClusterModel", path: "Sources/Kit/ClusterModel",
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .target(name: "Optimization", dependencies: ["ClusterModel"], path: "Sources/Kit/Optimization"),
        .target(name: "JSONText", dependencies: ["Telemetry"], path: "Sources/Kit/JSONText"),
        .target(name: "FleetExtensions", dependencies: ["ClusterModel"], path: "Sources/Kit/FleetExtensions"),
        .target(
            name: "HypsometerKit",
            dependencies: ["ClusterModel", "FleetExtensions", "JSONText", "Optimization", "Telemetry"],
            path: "Sources/Kit/HypsometerKit"),

        // Doors: each the only place that touches one outside thing
        .systemLibrary(
            name: "CLibvirt", path: "Sources/Doors/CLibvirt", pkgConfig: "libvirt", providers: [.apt(["libvirt-dev"])]),
        .systemLibrary(
            name: "CLibXML", path: "Sources/Doors/CLibXML", pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CNettle", path: "Sources/Doors/CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .systemLibrary(
            name: "CRabbitMQ", path: "Sources/Doors/CRabbitMQ", pkgConfig: "librabbitmq",
            providers: [.apt(["librabbitmq-dev"])]),
        .target(name: "Libvirt", dependencies: ["CLibvirt", "Telemetry"], path: "Sources/Doors/Libvirt"),
        .target(
            name: "WebClient", dependencies: [httpClient, nio, nioHTTP, nioPosix, tls], path: "Sources/Doors/WebClient"),
        .target(
            name: "OpenStack", dependencies: ["JSONText", "Telemetry", "WebClient"], path: "Sources/Doors/OpenStack"),
        .target(
            name: "MessageBus", dependencies: ["CRabbitMQ", "JSONText", "Telemetry"], path: "Sources/Doors/MessageBus"
        ),
        .target(name: "XMLTree", dependencies: ["CLibXML"], path: "Sources/Doors/XMLTree"),
        .systemLibrary(
            name: "CSnappy", path: "Sources/Doors/CSnappy", providers: [.apt(["libsnappy-dev"])]),
        .target(name: "Snappy", dependencies: ["CSnappy"], path: "Sources/Doors/Snappy"),
        .target(
            name: "GuardedSQLite", dependencies: [.product(name: "GRDBSQLite", package: "GRDB.swift")],
            path: "Sources/Doors/GuardedSQLite"),
        .target(name: "Digests", dependencies: ["CNettle"], path: "Sources/Doors/Digests"),

        // Base: tools that several wings share
        .target(name: "Expressions", path: "Sources/Base/Expressions"),
        .target(name: "Settings", dependencies: ["Expressions", "Yams"], path: "Sources/Base/Settings"),
        .target(name: "BusSettings", dependencies: ["Settings"], path: "Sources/Base/BusSettings"),
        .target(name: "Wire", dependencies: ["Expressions", "JSONText", "Telemetry"], path: "Sources/Base/Wire"),
        .target(
            name: "Pipelines",
            dependencies: [
                "ClusterModel", "Daemon", "Expressions", "Settings", "Telemetry", "Wire", log, metrics, sqlite,
            ],
            path: "Sources/Base/Pipelines"),
        .target(name: "Databases", dependencies: [sqlite], path: "Sources/Base/Databases"),
        .systemLibrary(name: "CMalloc", path: "Sources/Base/CMalloc"),
        .target(
            name: "Daemon", dependencies: ["CMalloc", "Settings", "Telemetry", log, metrics, lifecycle, signals],
            path: "Sources/Base/Daemon"),
        .target(
            name: "Web",
            dependencies: [
                "Expressions", "Settings", "Telemetry", "Wire", hummingbird, hummingbirdCore, httpTypes, log, nio,
                nioEmbedded, nioGzip,
                nioHTTP, tls,
            ],
            path: "Sources/Base/Web"),
        .systemLibrary(name: "CChildProgram", path: "Sources/Base/CChildProgram"),
        .target(
            name: "PluginHost",
            dependencies: [
                "CChildProgram", "ClusterModel", "Expressions", "FleetExtensions", "HypsometerKit", "JSONText",
                "Optimization", "Pipelines", "Settings", "Telemetry", log,
            ],
            path: "Sources/Base/PluginHost"),

        // What is learnt of a cloud and of a bus: above the settings and above the doors
        .target(
            name: "CloudAccess", dependencies: ["OpenStack", "Settings", "Yams"], path: "Sources/CloudAccess"),
        .target(name: "BusAccess", dependencies: ["BusSettings", "MessageBus", "Settings"], path: "Sources/BusAccess"),

        // Metering: the polling agent and its plug-in rooms
        .target(
            name: "Agent",
            dependencies: [
                "Daemon", "Expressions", "Pipelines", "Settings", "Telemetry", log, metrics, lifecycle,
            ],
            path: "Sources/Metering/Agent"),
        .target(
            name: "FleetAgent",
            dependencies: [
                "ClusterModel", "Daemon", "Digests", "Pipelines", "Settings", "Telemetry", "WebClient", lifecycle,
                log, metrics,
            ],
            path: "Sources/Metering/FleetAgent"),
        .target(
            name: "ComputePollsters",
            dependencies: ["Daemon", "Digests", "Libvirt", "Settings", "Telemetry", "XMLTree", log, metrics],
            path: "Sources/Metering/ComputePollsters"),
        .target(
            name: "CentralPollsters",
            dependencies: [
                "CChildProgram", "Daemon", "Digests", "Expressions", "JSONText", "OpenStack", "Settings", "Telemetry",
                "WebClient", "XMLTree", log,
            ],
            path: "Sources/Metering/CentralPollsters"),
        .target(
            name: "Coordination",
            dependencies: [
                "Daemon", "Digests", "JSONText", "Settings", "Telemetry", "WebClient", lifecycle, log,
            ],
            path: "Sources/Metering/Coordination"),
        .target(
            name: "Publishers",
            dependencies: [
                "BusAccess", "BusSettings", "Daemon", "Digests", "JSONText", "MessageBus", "OpenStack", "Pipelines",
                "Settings", "Snappy", "Telemetry", "WebClient", "Wire", lifecycle, log, metrics, nio, nioHTTP,
                nioPosix, tls,
            ],
            path: "Sources/Metering/Publishers"),
        .target(
            name: "Notifications",
            dependencies: [
                "BusAccess", "Daemon", "Digests", "Expressions", "JSONText", "MessageBus", "Pipelines", "Settings",
                "Telemetry",
                log, metrics, lifecycle,
            ],
            path: "Sources/Metering/Notifications"),
        .target(
            name: "NotificationPlugins", dependencies: ["JSONText", "Telemetry"],
            path: "Sources/Metering/NotificationPlugins"),
        .target(
            name: "Collector",
            dependencies: [
                "BusAccess", "BusSettings", "Daemon", "Databases", "Digests", "Expressions", "MessageBus", "Pipelines",
                "Settings", "Telemetry", "Web", "Wire", httpTypes, hummingbird, lifecycle, log, metrics, nio, nioPosix,
                sqlite, tls,
            ],
            path: "Sources/Metering/Collector",
            // In the program, so that it can be copied as one file.
            resources: [.embedInCode("Dashboard/Page")]),

        // Optimizing: from a picture of the cluster and what was measured to a plan
        .target(
            name: "Audits",
            dependencies: [
                "ClusterModel", "Daemon", "Databases", "Digests", "Expressions", "Optimization", "Settings",
                "Telemetry",
                "Web", httpTypes, hummingbird, lifecycle, log, metrics, nio, sqlite, tls,
            ],
            path: "Sources/Optimizing/Audits"),
        .target(
            name: "Datasources",
            dependencies: [
                "ClusterModel", "OpenStack", "Optimization", "Settings", "Telemetry", "WebClient",
            ],
            path: "Sources/Optimizing/Datasources"),
        .target(
            name: "DecisionEngine", dependencies: ["ClusterModel", "Optimization"],
            path: "Sources/Optimizing/DecisionEngine"),
        .target(
            name: "CloudModels", dependencies: ["ClusterModel", "ModelCollectors", "OpenStack", "Settings", log],
            path: "Sources/Optimizing/CloudModels"),
        .target(
            name: "LibvirtCollector", dependencies: ["ClusterModel", "Libvirt", "Settings", "Telemetry", "XMLTree"],
            path: "Sources/Optimizing/LibvirtCollector"),
        .target(
            name: "ModelCollectors", dependencies: ["ClusterModel", "XMLTree"],
            path: "Sources/Optimizing/ModelCollectors"),

        .target(
            name: "ModelNotifications",
            dependencies: ["BusAccess", "BusSettings", "ClusterModel", "MessageBus", "Settings", log],
            path: "Sources/Optimizing/ModelNotifications"),

        // Fleet: hosts, clusters, and what extends them
        .target(
            name: "Fleet",
            dependencies: [
                "ClusterModel", "Daemon", "Databases", "Digests", "Expressions", "FleetExtensions", "GuardedSQLite",
                "HypsometerKit",
                "JSONText", "Pipelines", "PluginHost", "Settings", "Telemetry", "Web", "WebClient", httpTypes,
                hummingbird, lifecycle, log, metrics, nio, sqlite, tls,
            ],
            path: "Sources/Fleet",
            resources: [.embedInCode("API/Page")]),

        // Front doors
        .executableTarget(
            name: "hypsometer-polling",
            dependencies: [
                "Agent", "CentralPollsters", "CloudAccess", "Coordination", "Daemon", "FleetAgent", "HypsometerKit",
                "OpenStack", "Pipelines", "PluginHost", "Publishers", "Settings", "Telemetry", "Wire", lifecycle, log,
                metrics,
                signals,
                .target(name: "ComputePollsters", condition: .when(traits: ["Compute"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "hypsometer",
            dependencies: [
                "Audits", "CloudAccess", "CloudModels", "ClusterModel", "Collector", "Daemon", "Datasources",
                "DecisionEngine", "Expressions", "Fleet", "HypsometerKit", "JSONText", "ModelCollectors",
                "ModelNotifications", "NotificationPlugins", "Notifications", "OpenStack", "Optimization", "Pipelines",
                "PluginHost",
                "Publishers", "Settings",
                "Telemetry", "Web", "Wire", arguments, lifecycle, log, metrics, signals,
                .target(name: "LibvirtCollector", condition: .when(traits: ["Compute"])),
            ]),

        // Benchmarks: what the agent costs beside a C program that makes the same libvirt call and nothing else, and what
        // decisions cost
        .executableTarget(name: "libvirt-floor", dependencies: ["CLibvirt"], path: "Tests/Benchmarks/LibvirtFloor"),
        .executableTarget(
            name: "agent-benchmark",
            dependencies: ["TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/Benchmarks/AgentBenchmark"),
        .executableTarget(
            name: "decision-benchmark",
            dependencies: [
                "ClusterModel", "DecisionEngine", "ModelCollectors", "Optimization",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Benchmarks/DecisionBenchmark"),

        .executableTarget(
            name: "sample-benchmark",
            dependencies: [
                "ComputePollsters", "Pipelines", "Publishers", "Settings", "Telemetry", "TestSupport", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Benchmarks/SampleBenchmark"),

        // and what the collector costs beside a bare table
        .executableTarget(
            name: "collector-benchmark", dependencies: ["Telemetry", "TestSupport", "Wire", arguments, sqlite],
            path: "Tests/Benchmarks/CollectorBenchmark"),

        // and what a notification costs, beside Ceilometer's own agent
        .executableTarget(
            name: "notification-benchmark", dependencies: ["MessageBus", "TestSupport", "hypsometer", arguments],
            path: "Tests/Benchmarks/NotificationBenchmark"),

        // and what nodes that report cost
        .executableTarget(
            name: "deploy-benchmark", dependencies: ["TestSupport", arguments],
            path: "Tests/Benchmarks/DeployBenchmark"),
        .executableTarget(
            name: "fleet-benchmark", dependencies: ["TestSupport", arguments], path: "Tests/Benchmarks/FleetBenchmark"),

        // and what a cloud's services cost
        .executableTarget(
            name: "central-benchmark", dependencies: ["TestSupport", arguments],
            path: "Tests/Benchmarks/CentralBenchmark"),

        // and what a plug-in's calls cost
        .executableTarget(
            name: "plugin-benchmark",
            dependencies: ["PluginHost", "Settings", "Telemetry", "example-plugin", arguments, log],
            path: "Tests/Benchmarks/PluginBenchmark"),

        // Tests, and what they stand on
        .executableTarget(name: "example-plugin", dependencies: ["HypsometerKit"], path: "Tests/ExamplePlugin"),
        .testTarget(
            name: "PluginHostTests",
            dependencies: [
                "ClusterModel", "HypsometerKit", "JSONText", "Optimization", "PluginHost", "Settings", "Telemetry",
                "TestSupport", "example-plugin", log,
            ]),
        .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
        .target(
            name: "TestSupport", dependencies: ["CSpawn", log], path: "Tests/TestSupport", exclude: ["MovedClock"]),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"]),
        .testTarget(name: "ClusterModelTests", dependencies: ["ClusterModel"]),
        .testTarget(
            name: "AuditsTests",
            dependencies: [
                "Audits", "ClusterModel", "DecisionEngine", "ModelCollectors", "Optimization", "Settings",
                "TestSupport", "example-plugin", "hypsometer", log,
            ]),
        .testTarget(name: "DecisionEngineTests", dependencies: ["ClusterModel", "DecisionEngine", "Optimization"]),
        .testTarget(name: "OptimizationTests", dependencies: ["ClusterModel", "Optimization"]),
        .testTarget(name: "ModelCollectorsTests", dependencies: ["ClusterModel", "ModelCollectors"]),
        .testTarget(
            name: "LibvirtCollectorTests",
            dependencies: [
                "Audits", "CLibvirt", "ClusterModel", "LibvirtCollector", "ModelCollectors", "TestSupport", log,
            ]),
        .testTarget(
            name: "WatcherCases",
            dependencies: ["CNettle", "ClusterModel", "DecisionEngine", "ModelCollectors", "Optimization"]),
        .testTarget(name: "XMLTreeTests", dependencies: ["XMLTree", "Digests", "TestSupport"]),
        .testTarget(name: "MessageBusTests", dependencies: ["JSONText", "MessageBus", "Telemetry", "TestSupport"]),
        .testTarget(name: "LibvirtTests", dependencies: ["CLibvirt", "Libvirt", "Telemetry", "TestSupport"]),
        .testTarget(
            name: "OpenStackTests", dependencies: ["JSONText", "OpenStack", "Telemetry", "TestSupport"]),
        .testTarget(
            name: "CentralCloudTests",
            dependencies: [
                "CentralPollsters", "OpenStack", "Settings", "Telemetry", "TestSupport", "hypsometer-polling", log,
            ], exclude: ["Gateway"]),
        .testTarget(
            name: "CloudAccessTests",
            dependencies: ["CloudAccess", "OpenStack", "Settings", "TestSupport", "WebClient"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"], exclude: ["Cases"]),
        .testTarget(name: "SettingsTests", dependencies: ["Expressions", "Settings", "TestSupport"]),
        .testTarget(name: "WireTests", dependencies: ["Digests", "Telemetry", "Wire"], exclude: ["Cases"]),
        .testTarget(
            name: "PipelinesTests",
            dependencies: ["Expressions", "Pipelines", "Settings", "Telemetry", "TestSupport", log, sqlite]),
        .testTarget(name: "DaemonTests", dependencies: ["Daemon", "Telemetry", "TestSupport", log, metrics]),
        .testTarget(
            name: "PublishersTests",
            dependencies: [
                "BusSettings", "CSnappy", "Daemon", "Digests", "MessageBus", "Pipelines", "Publishers", "Settings",
                "Telemetry", "TestSupport", "Wire",
            ]),
        .testTarget(
            name: "NotificationsTests",
            dependencies: [
                "Expressions", "JSONText", "NotificationPlugins", "Notifications", "Pipelines", "Settings", "Telemetry",
                "TestSupport", "hypsometer", log,
            ], exclude: ["Expected", "Messages", "expectations.py"]),
        .testTarget(
            name: "ComputePollstersTests",
            dependencies: ["ComputePollsters", "Libvirt", "Settings", "Telemetry", "TestSupport", log]),
        .testTarget(
            name: "CentralPollstersTests",
            dependencies: [
                "CentralPollsters", "Daemon", "Expressions", "JSONText", "Settings", "Telemetry", "TestSupport", log,
            ],
            exclude: ["Cases"]),
        .testTarget(name: "CoordinationTests", dependencies: ["Coordination", "Settings", "TestSupport", "WebClient"]),
        .testTarget(
            name: "AgentTests",
            dependencies: ["Agent", "Daemon", "Pipelines", "Publishers", "Settings", "Telemetry", "TestSupport", log]),
        .testTarget(name: "FleetExtensionsTests", dependencies: ["ClusterModel", "FleetExtensions"]),
        .testTarget(name: "GuardedSQLiteTests", dependencies: ["GuardedSQLite", "TestSupport", sqlite]),
        .testTarget(
            name: "FleetTests",
            dependencies: [
                "ClusterModel", "Daemon", "Fleet", "FleetExtensions", "Settings", "TestSupport", "example-plugin",
                "hypsometer", "hypsometer-polling", lifecycle, log, sqlite,
            ]),
        .testTarget(name: "DatabasesTests", dependencies: ["Databases", "TestSupport", sqlite]),
        .testTarget(name: "WebClientTests", dependencies: ["TestSupport", "WebClient"]),
        .testTarget(name: "WebTests", dependencies: ["Settings", "TestSupport", "Web", httpTypes, nio]),
        .testTarget(
            name: "CollectorTests",
            dependencies: [
                "Collector", "Daemon", "Digests", "Settings", "Telemetry", "TestSupport", "Web", "Wire", "hypsometer",
                lifecycle, log, sqlite,
            ]),
        .testTarget(
            name: "Conformance",
            dependencies: ["ComputePollsters", "Libvirt", "Settings", "Telemetry", "TestSupport", "Wire", log]),
        .testTarget(
            name: "EndToEnd", dependencies: ["TestSupport", "example-plugin", "hypsometer", "hypsometer-polling"],
            exclude: ["Cases", "Meters"]),
        .testTarget(
            name: "Services",
            dependencies: [
                "Audits", "CentralPollsters", "CloudModels", "ClusterModel", "Daemon", "JSONText", "MessageBus",
                "ModelCollectors", "ModelNotifications", "OpenStack", "Pipelines", "Publishers", "Settings",
                "Telemetry", "TestSupport", "hypsometer", "hypsometer-polling", log,
            ]),
        .testTarget(name: "FaultMatrix", dependencies: ["TestSupport", "hypsometer", "hypsometer-polling"]),

        // Readers of what comes from outside, for a fuzzer to feed
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CentralPollsters", "ComputePollsters", "Expressions", "HypsometerKit", "JSONText", "ModelCollectors",
                "Notifications", "Pipelines", "Settings", "Telemetry", "Wire",
            ],
            path: "Tests/Fuzzing/Targets"),
        .testTarget(name: "CorpusTests", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/CorpusTests"),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer brings the main function of its own: a usual build could not link this one (Tests/Fuzzing/fuzz.sh).
if Context.environment["HYPSOMETER_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(name: "fuzzer", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/Fuzzer"))
}

for target in package.targets where ![.system, .plugin].contains(target.type) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .treatAllWarnings(as: .error),
    ]
}
