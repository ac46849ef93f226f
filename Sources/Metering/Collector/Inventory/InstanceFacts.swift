// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// What a sample's metadata tell of the instance that it belongs to, be its resource the instance itself or one of its
/// disks or interfaces. The keys are those that Ceilometer's compute agent writes.
struct InstanceFacts: Sendable, Hashable {
    /// `instance_id`; nil where the resource itself is the instance.
    var instance: String?
    /// `instance_host`, or `host`, which older agents hash.
    var host: String?
    /// `display_name`.
    var name: String?
    var status: String?
    var vcpus: Double?
    /// In MiB.
    var memory: Double?

    /// nil where the metadata are not those of an instance.
    init?(metadata json: String) {
        guard let value = try? WireValue(json: Array(json.utf8), within: WireLimits(bytes: json.utf8.count)) else {
            return nil  // nested deeper than a message may be: nothing that an agent writes of an instance
        }
        instance = value.words("instance_id")
        let host = value.words("instance_host")
        guard instance != nil || host != nil else { return nil }
        self.host = host ?? value.words("host")
        name = value.words("display_name")
        status = value.words("status")
        vcpus = value.figure("vcpus")
        memory = value.figure("memory_mb")
    }
}

extension WireValue {
    fileprivate func words(_ key: String) -> String? {
        guard case .string(let text)? = self[key], !text.isEmpty else { return nil }
        return text
    }

    /// A number above 0; some senders write them as texts.
    fileprivate func figure(_ key: String) -> Double? {
        let number: Double? =
            switch self[key] {
            case .integer(let integer)?: Double(integer)
            case .real(let real)?: real
            case .string(let text)?: Double(text)
            default: nil
            }
        return number.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
}
