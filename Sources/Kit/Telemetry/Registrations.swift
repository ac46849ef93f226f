// SPDX-License-Identifier: Apache-2.0

/// How a pollster is found by the agent: what it offers, where, and how one is made.
public struct PollsterRegistration: Sendable {
    /// Unique in each of its namespaces.
    public var name: String
    /// As in `--polling-namespaces`: `compute`, `central`, `ipmi`.
    public var namespaces: Set<String>
    public var meters: [Meter]
    /// Where resources come from when a source names none.
    public var defaultDiscovery: String?
    /// Makes one for each list of resources it is polled with, so that what it remembers between polls
    /// (the reading before, for a rate) belongs to one rhythm.
    public var make: @Sendable () -> any Pollster

    public init(
        name: String, namespaces: Set<String>, meters: [Meter], defaultDiscovery: String? = nil,
        make: @escaping @Sendable () -> any Pollster
    ) {
        self.name = name
        self.namespaces = namespaces
        self.meters = meters
        self.defaultDiscovery = defaultDiscovery
        self.make = make
    }
}

/// How a discovery is found by the agent.
public struct DiscoveryRegistration: Sendable {
    /// As `polling.yaml` names it.
    public var name: String
    public var namespaces: Set<String>
    /// Whether it finds what is on this host, which agents that share work don't divide among themselves.
    public var isLocal: Bool
    public var discovery: any Discovery

    /// - Parameter isLocal: nil: unless it belongs to the central namespace.
    public init(name: String, namespaces: Set<String>, isLocal: Bool? = nil, discovery: any Discovery) {
        self.name = name
        self.namespaces = namespaces
        self.isLocal = isLocal ?? !namespaces.contains("central")
        self.discovery = discovery
    }
}
