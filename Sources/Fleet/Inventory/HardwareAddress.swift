// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions

/// The addresses of network interfaces, by which hosts are told apart.
enum HardwareAddress {
    static let allowed = "six pairs of hexadecimal digits with : between them, such as 52:54:00:12:34:56"

    /// In lower case; nil where it is none.
    static func normal(_ text: String) -> String? {
        let pairs = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard pairs.count == 6,
            pairs.allSatisfy({ $0.utf8.count == 2 && UInt8($0, radix: 16) != nil && !$0.hasPrefix("+") })
        else { return nil }
        return pairs.joined(separator: ":")
    }

    /// Its own, and those of the interfaces that its agent found.
    static func all(of node: FleetNode) -> [String] {
        let others = (node.meta["interfaces"]?.array ?? []).compactMap { $0["mac"]?.string }.compactMap { normal($0) }
        var seen: Set<String> = []
        return ([node.mac] + others).filter { seen.insert($0).inserted }
    }
}
