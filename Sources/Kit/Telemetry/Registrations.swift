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
    public var discovery: any Discovery

    public init(name: String, namespaces: Set<String>, discovery: any Discovery) {
        self.name = name
        self.namespaces = namespaces
        self.discovery = discovery
    }
}
