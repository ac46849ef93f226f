// SPDX-License-Identifier: Apache-2.0

/// What meters.
extension PluginTemplate {
    var pollster: Parts {
        Parts(
            namespace: "ceilometer.poll.compute", type: base + "Pollster",
            source: { type in
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
            },
            test: { type in
                """
                    @Test func samplesAreOfThisHost() throws {
                        let pollster = \(type)(context: PluginContext(hostName: "compute-1"))
                        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: [])
                        let samples = try pollster.poll([], meters: [\(type).meter.name], in: cycle)
                        #expect(samples.map(\\.resourceID) == ["compute-1"])
                    }
                """
            },
            tryIt: "hypsometer-polling --plugin-dir plugins --test --pollster-list '\(meter)'")
    }

    var discovery: Parts {
        Parts(
            namespace: "ceilometer.discover", type: base + "Discovery",
            source: { type in
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
            },
            test: { type in
                """
                    @Test func theParameterIsFound() async throws {
                        let discovery = \(type)(context: PluginContext(hostName: "compute-1"))
                        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: [])
                        #expect(try await discovery.discover("a", in: cycle) == [Resource(id: "a")])
                    }
                """
            },
            tryIt: "hypsometer-polling --plugin-dir plugins --validate   # and name \(name) in polling.yaml")
    }

    var publisher: Parts {
        Parts(
            namespace: "ceilometer.publisher", type: base + "Publisher",
            source: { type in
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
            },
            test: { type in
                """
                    @Test func anEmptyBatchIsTaken() async throws {
                        try await \(type)(context: PluginContext(location: "place")).publish([])
                    }
                """
            },
            tryIt: "hypsometer-polling --plugin-dir plugins --once   # with \(name):// in pipeline.yaml")
    }

    var notification: Parts {
        Parts(
            namespace: "ceilometer.notification", type: base + "Notifications",
            source: { type in
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
            },
            test: { type in
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
            },
            tryIt: "hypsometer plugin list --plugin-dir plugins")
    }
}
