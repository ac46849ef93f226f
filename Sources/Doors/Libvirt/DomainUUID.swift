// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt

/// The domain's UUID as lower-case text with dashes, which the domain's handle holds: no call to libvirtd.
///
/// The text is made here, for every domain in every cycle: libvirt's own way goes through printf byte by byte.
func uuidString(of domain: virDomainPtr) -> String? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(VIR_UUID_BUFLEN)) { bytes in
        guard let base = bytes.baseAddress, virDomainGetUUID(domain, base) == 0 else { return nil }
        return String(unsafeUninitializedCapacity: 36) { text in
            var end = 0
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[end] = UInt8(ascii: "-")
                    end += 1
                }
                text[end] = hexadecimalDigit(byte >> 4)
                text[end + 1] = hexadecimalDigit(byte & 0xF)
                end += 2
            }
            return end
        }
    }
}

private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
