// SPDX-License-Identifier: Apache-2.0

/// The groups that an agent forms with others for single sources: a key for each of them, under the agent's lease.
struct SourceGroups: Sendable {
    /// As the plan in force has them.
    var wanted: Set<String>
    /// Those in which the agent has a key.
    private(set) var joined: Set<String> = []
    private(set) var members: [String: Set<String>] = [:]
    private(set) var rings: [String: HashRing] = [:]
    private let prefix: String

    /// - Parameter group: of the agents of the same namespaces.
    init(_ wanted: Set<String>, of group: String) {
        self.wanted = wanted
        prefix = "/hypsometer/polling-groups/\(group)/"
    }

    /// Its lease has ended, and its keys with it.
    mutating func forget() { joined = [] }

    var missing: Set<String> { wanted.subtracting(joined) }
    var surplus: Set<String> { joined.subtracting(wanted) }
    /// Where all keys begin.
    var start: String { prefix }

    func key(of member: String, in group: String) -> String { "\(prefix)\(group.keyPart)/\(member)" }
    mutating func noteJoined(_ group: String) { joined.insert(group) }
    mutating func noteLeft(_ group: String) { joined.remove(group) }

    /// - Returns: the names of the groups of this agent whose members have changed.
    mutating func take(_ keys: [String]) -> [String] {
        var found: [String: Set<String>] = [:]
        for key in keys {
            let parts = key.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let group = joined.first(where: { $0.keyPart == parts[0] }) else { continue }
            found[group, default: []].insert(String(parts[1]))
        }
        let changed = found.keys.filter { found[$0] != members[$0] }.sorted()
        for group in changed { rings[group] = found[group].map { HashRing($0) } }
        rings = rings.filter { found[$0.key] != nil }
        members = found
        return changed
    }
}

extension String {
    /// As a part of a key between slashes.
    fileprivate var keyPart: String { replacing("%", with: "%25").replacing("/", with: "%2F") }
}
