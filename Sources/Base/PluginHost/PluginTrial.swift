// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import HypsometerKit
internal import JSONText
package import Logging
package import Settings
internal import Telemetry

/// Tries whether a plug-in, in whatever language, keeps to the protocol: the calls that a host makes, on its real
/// program.
package struct PluginTrial: Sendable {
    /// One thing that was tried.
    package struct Finding: Sendable, Hashable {
        package var name: String
        /// What was wrong; nil where all was well.
        package var problem: String?

        init(name: String, problem: String? = nil) {
            self.name = name
            self.problem = problem
        }
    }

    let manifest: PluginManifest
    private let process: PluginProcess

    /// - Parameters:
    ///   - configuration: where the sections of its entry points are looked for.
    ///   - timeout: for each call.
    package init(
        _ manifest: PluginManifest, _ configuration: Configuration, hostName: String, timeout: Duration, log: Logger
    ) {
        self.manifest = manifest
        let entries = manifest.entries.filter { PluginNamespaces.triable.contains($0.namespace) }.map {
            StartMessage.Entry(
                namespace: $0.namespace, name: $0.name, options: configuration.texts(in: $0.section))
        }
        let start = StartMessage(
            service: "hypsometer plugin check", hostName: hostName, settings: [:], entries: entries)
        process = PluginProcess(
            name: manifest.name, path: manifest.executable, start: start, timeout: timeout,
            policy: RestartPolicy(), log: log, onChange: { _ in })
    }

    /// - Returns: what was tried, in that order; after a start that fails nothing more is.
    package func run() async -> [Finding] {
        process.begin()
        let start = await waited { [process] in process.waitForStart() }
        guard case .success(let answer) = start else {
            guard case .failure(let error) = start else { return [] }
            return [Finding(name: "start", problem: "\(error)")]
        }
        var findings = [Finding(name: "start")]
        if let reason = answer.whyDisabled {
            findings.append(Finding(name: "takes no part on this host: \(reason)"))
        } else {
            findings.append(await unknownMethod())
            for entry in answer.entries where entry.disabled == nil { findings += await calls(of: entry) }
            findings += await twoAtOnce(answer)
        }
        findings.append(await end())
        return findings
    }

    func attempt(_ name: String, _ body: () async throws -> Void) async -> Finding {
        do {
            try await body()
            return Finding(name: name)
        } catch {
            return Finding(name: name, problem: "\(error)")
        }
    }

    private func unknownMethod() async -> Finding {
        await attempt("answers a method that it doesn't know with the error \(RPCError.Code.unknownMethod.rawValue)") {
            do {
                _ = try await process.call("no_such_method", Array("{}".utf8))
                throw PluginRefusal(description: "answered it well")
            } catch let error as RPCError where error.code == RPCError.Code.unknownMethod.rawValue {
            } catch let error as RPCError {
                throw PluginRefusal(description: "answered it with the error \(error.code)")
            }
        }
    }

    private func calls(of entry: StartAnswer.Entry) async -> [Finding] {
        let slot = PluginSlot(name: manifest.name)
        _ = slot.put(process)
        if let findings = await calls(of: entry, slot) { return findings }
        let name = "[\(entry.namespace)] \(entry.name)"
        switch entry.namespace {
        case EntryPoint.discovery:
            let discovery = PluginDiscovery(slot, name: entry.name, isDisabled: false)
            return [
                await attempt("\(name) finds resources") {
                    _ = try await discovery.discover(nil, in: cycle([]))
                    _ = try await discovery.discover("parameter", in: cycle([]))
                }
            ]
        case EntryPoint.fleetExtension:
            return [
                await attempt("\(name) declares itself") {
                    try Self.check(PluginExtension(slot, name: entry.name, answer: entry))
                }
            ]
        case EntryPoint.publisher:
            return [
                await attempt("\(name) says what it takes as a URL") {
                    let target = PublisherTarget(name: entry.name, location: "/nosuch/place", options: [:])
                    do { _ = try await slot.call(.checkPublisher, target.parameters.json) } catch is RPCError {}
                }
            ]
        case EntryPoint.notifications:
            return [
                await attempt("\(name) processes a notification") {
                    _ = try await PluginNotifications(slot, name: entry.name, eventTypes: entry.eventTypes)
                        .process(Self.notification(entry.eventTypes.first ?? ""))
                }
            ]
        default:
            let pollster = PluginPollster(
                slot, namespace: entry.namespace, name: entry.name, instance: 1, offered: entry.meters)
            let meters = Set(entry.meters.map(\.name))
            var findings: [Finding] = []
            for resources in entry.defaultDiscovery == nil ? [[]] : [[], Self.resources] {
                findings.append(
                    await attempt("\(name) polls \(resources.count) resources") {
                        for _ in 0..<2 {
                            do {
                                _ = try await pollster.poll(resources, meters: meters, in: cycle(meters))
                            } catch is PollsterPermanentError {}  // well put: there are no such resources
                        }
                    })
            }
            return findings
        }
    }

    /// Its paths too, which a service would leave out without a word to its author.
    private static func check(_ entry: PluginExtension) throws {
        guard let declaration = entry.declaration else {
            throw PluginRefusal(description: entry.whyNot ?? "declares nothing")
        }
        for route in declaration.routes { _ = try RoutePattern(route.path) }
    }

    /// Two calls before the first answer: they may be answered in any order.
    private func twoAtOnce(_ answer: StartAnswer) async -> [Finding] {
        guard let entry = answer.entries.first(where: { $0.disabled == nil && !$0.meters.isEmpty }) else { return [] }
        let meters = Set(entry.meters.map(\.name))
        let parameters = PollMessage(
            namespace: entry.namespace, name: entry.name, instance: 2, meters: meters, cycle: cycle(meters),
            resources: []
        ).parameters
        let poll = PluginProtocol.Method.poll.rawValue
        return [
            await attempt("answers two calls at once") { [process] in
                async let one = process.call(poll, parameters)
                async let other = process.call(poll, parameters)
                do { _ = try await (one, other) } catch is RPCError {}
            }
        ]
    }

    private func end() async -> Finding {
        let began = MonotonicTime.now
        process.stop()
        await waited { [process] in process.waitForEnd() }
        let seconds = MonotonicTime.now.seconds(since: began)
        let isPrompt = seconds < Double(PluginProcess.grace.components.seconds)
        return Finding(
            name: "ends when its standard input does",
            problem: isPrompt ? nil : "was still there \(PluginProcess.grace.inSeconds) later, and was killed")
    }

    private func cycle(_ meters: Set<String>) -> PollingCycle {
        PollingCycle(number: 1, deadline: .now + .seconds(3600), meters: meters)
    }

    private static let resources = [
        Resource(id: "9f0a9e4c-5a1c-4b7e-8f0f-5d9f4b0c5a01", projectID: "project", metadata: ["display_name": "one"]),
        Resource(id: "9f0a9e4c-5a1c-4b7e-8f0f-5d9f4b0c5a02"),
    ]

    private static func notification(_ pattern: String) -> NotificationMessage {
        NotificationMessage(
            eventType: pattern.replacing("*", with: "start"), publisherID: "compute.host",
            payload: ["instance_id": "9f0a9e4c-5a1c-4b7e-8f0f-5d9f4b0c5a01", "memory_mb": 512])
    }
}
