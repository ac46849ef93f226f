// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Domains for libvirt's test driver: `test:///path`. They live in this process; nothing is installed or started.
final class NodeFile {
    let path: String
    var uri: String { "test://\(path)" }

    /// - Parameter domains: name, UUID and the test driver's run state (1 running, 3 paused, 5 shut off) of each.
    init(_ domains: [(name: String, uuid: String, state: Int)]) throws {
        let texts = domains.map { domain in
            """
            <domain type="test" xmlns:test="http://libvirt.org/schemas/domain/test/1.0">
              <name>\(domain.name)</name><uuid>\(domain.uuid)</uuid>
              <memory unit="KiB">65536</memory><vcpu>2</vcpu><os><type arch="i686">hvm</type></os>
              <devices>
                <disk type="file"><source file="/nowhere/1.img"/><target dev="vda"/></disk>
                <interface type="bridge">
                  <mac address="52:54:00:00:00:01"/><source bridge="br"/><target dev="tap1"/>
                </interface>
              </devices>
              <test:runstate>\(domain.state)</test:runstate>
            </domain>
            """
        }
        path = NSTemporaryDirectory() + "hypsometer-\(UUID().uuidString).xml"
        try "<node>\n\(texts.joined(separator: "\n"))\n</node>\n".write(toFile: path, atomically: true, encoding: .utf8)
    }

    deinit { unlink(path) }
}
