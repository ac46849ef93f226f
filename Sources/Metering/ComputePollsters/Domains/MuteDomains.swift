// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Logging

/// The domains that don't tell what only their QEMU knows: said when it begins and when it ends.
struct MuteDomains {
    /// More names than this would make a line nobody reads.
    private static let mostNames = 10

    private(set) var uuids: Set<String> = []

    /// - Parameter stats: all domains of a complete reading, or those of a part of it.
    mutating func note(_ stats: [DomainStats], isComplete: Bool, log: Logger) {
        let begun = stats.filter { $0.isMute == true && !uuids.contains($0.uuid) }
        let ended = stats.filter { $0.isMute == false && uuids.contains($0.uuid) }
        if isComplete { uuids.formIntersection(stats.map(\.uuid)) }
        uuids.formUnion(begun.map(\.uuid))
        uuids.subtract(ended.map(\.uuid))
        if !begun.isEmpty {
            log.error(
                "the QEMU of some domains does not answer; their memory and disk meters are missing until it does",
                metadata: ["domains": "\(begun.count)", "names": "\(Self.names(begun))"])
        }
        // One that was shut off meanwhile has nothing to answer.
        let answering = ended.filter(\.isActive)
        if !answering.isEmpty {
            log.notice(
                "domains answer again",
                metadata: ["domains": "\(answering.count)", "names": "\(Self.names(answering))"])
        }
    }

    private static func names(_ stats: [DomainStats]) -> String {
        let shown = stats.prefix(mostNames).map(\.name).joined(separator: ", ")
        return stats.count > mostNames ? shown + ", …" : shown
    }
}
