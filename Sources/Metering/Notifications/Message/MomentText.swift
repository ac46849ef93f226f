// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

extension Timestamp {
    /// A time as OpenStack's services write it: what ``Timestamp/init(parsing:)`` takes, and a zone without its colon,
    /// as keystone's `+0000`.
    init?(notified text: String) {
        let bytes = Array(text.utf8)
        if let time = Timestamp(parsing: bytes) {
            self = time
            return
        }
        let signs = [UInt8(ascii: "+"), UInt8(ascii: "-")]
        guard bytes.count > 5, signs.contains(bytes[bytes.count - 5]),
            let time = Timestamp(parsing: bytes.dropLast(2) + [UInt8(ascii: ":")] + bytes.suffix(2))
        else { return nil }
        self = time
    }
}
