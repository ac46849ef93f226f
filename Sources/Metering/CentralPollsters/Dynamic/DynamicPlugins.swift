// SPDX-License-Identifier: Apache-2.0
package import Logging
package import OpenStack
package import Settings
package import Telemetry

/// The pollsters that files define.
package struct DynamicPlugins: Sendable {
    package let pollsters: [PollsterRegistration]
    package private(set) var discoveries: [DiscoveryRegistration]

    /// - Parameters:
    ///   - session: of the cloud; nil where none is configured: its services then have no address, and are not polled.
    ///   - hostName: what `local_node` finds.
    package init(_ definitions: [DynamicDefinition], session: CloudSession?, hostName: String, log: Logger) {
        let cloud = session.map { CloudSource($0) }
        let secret = cloud.map { cloud in
            { @Sendable (id: String, deadline: MonotonicTime) in try await cloud.secret(id, by: deadline) }
        }
        let sources = AnswerSources(cloud: cloud, web: WebSource(secret: secret), command: CommandSource())
        self.init(definitions, sources: sources, hostName: hostName, log: log)
        if let session {
            discoveries.append(
                DiscoveryRegistration(
                    name: "endpoint", namespaces: ["central", "compute", "ipmi"],
                    discovery: ServiceAddresses(session: session)))
        }
    }

    init(_ definitions: [DynamicDefinition], sources: AnswerSources, hostName: String, log: Logger) {
        pollsters = Self.sharing(definitions).map { group in
            PollsterRegistration(
                name: group[0].name, namespaces: group[0].namespaces, meters: group.map(\.meter),
                defaultDiscovery: group[0].request.discovery
            ) { DynamicPollster(group, sources: sources, log: log) }
        }
        discoveries = [
            DiscoveryRegistration(
                name: "local_node", namespaces: ["central", "compute", "ipmi"], isLocal: true,
                discovery: LocalNode(hostName: hostName))
        ]
    }

    /// Reads and checks the definitions of some directories.
    ///
    /// - Parameter namespaces: those there are.
    /// - Returns: also what an operator should know.
    package static func definitions(
        _ settings: DynamicSettings, namespaces: [String]
    ) throws(Mistakes) -> (definitions: [DynamicDefinition], remarks: [String]) {
        try DefinitionFiles.read(settings.directories, namespaces: namespaces)
    }

    /// Whether any of them asks the cloud.
    package static func needCloud(_ definitions: [DynamicDefinition]) -> Bool {
        definitions.contains { definition in
            if case .openStack = definition.request.origin { return true }
            return needCloud(definition.extra?.definitions ?? [])
        }
    }

    /// Those that ask the same are one pollster, which asks once.
    private static func sharing(_ definitions: [DynamicDefinition]) -> [[DynamicDefinition]] {
        var groups: [[DynamicDefinition]] = []
        for definition in definitions {
            let index = groups.firstIndex {
                $0[0].request == definition.request && $0[0].namespaces == definition.namespaces
            }
            if let index { groups[index].append(definition) } else { groups.append([definition]) }
        }
        return groups
    }
}

extension DynamicDefinition.Request {
    /// Where its resources come from.
    fileprivate var discovery: String? {
        switch origin {
        case .openStack(let type): "endpoint:\(type)"
        case .web: nil
        case .command: "local_node"
        }
    }
}

/// This host itself.
struct LocalNode: Discovery {
    let hostName: String

    func discover(_ parameter: String?, in cycle: PollingCycle) -> [Resource] { [Resource(id: hostName)] }
}
