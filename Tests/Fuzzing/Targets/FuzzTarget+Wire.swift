// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
internal import Telemetry
internal import Wire

/// What other programs send.
extension FuzzTarget {
    static let wire = [
        FuzzTarget("json") { bytes in
            guard let value = try? WireValue(json: bytes, within: .datagram) else { return }
            var again: [UInt8] = []
            again.appendJSON(value)
            require((try? WireValue(json: again, within: roomy)) == value, "read again, it differs: \(value.shown)")
            _ = try? Sample(value)
        },
        FuzzTarget("msgpack") { bytes in
            guard let value = try? WireValue(messagePack: bytes, within: .datagram) else { return }
            var again: [UInt8] = []
            again.appendMessagePack(value)
            let second = try? WireValue(messagePack: again, within: roomy)
            require(second == value || hasNaN(value), "read again, it differs: \(value.shown)")
            _ = try? Sample(value)
        },
        FuzzTarget("plugin-protocol") { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 8).map(Array.init) {
                _ = try? RPCRequest(line: line)
                _ = try? RPCAnswer(line: line)
                guard let value = try? WireValue(json: line, within: .datagram) else { continue }
                _ = try? StartAnswer(value)
            }
        },
    ]

    /// What is written may be longer than what was read: `1e9` is `1000000000.0`.
    private static let roomy = WireLimits(bytes: 10_000_000)

    private static func hasNaN(_ value: WireValue) -> Bool {
        switch value {
        case .real(let real): real.isNaN
        case .array(let items): items.contains(where: hasNaN)
        case .object(let entries): entries.contains { hasNaN($0.value) }
        default: false
        }
    }
}
