// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// The capacities of Cinder's pools, of what the discovery `volume_pools` finds.
struct PoolPollster: Pollster {
    private static let prefix = "volume.provider.pool.capacity."
    private static let parts: [(name: String, value: @Sendable (Pool) -> Volume?)] = [
        ("total", { $0.number("total_capacity_gb") }),
        ("free", { $0.number("free_capacity_gb") }),
        ("allocated", { $0.number("allocated_capacity_gb") }),
        ("provisioned", { $0.provisioned }),
        ("virtual_free", { $0.virtualFree }),
    ]
    static let meters = parts.map { Meter(prefix + $0.name, .gauge, unit: "GiB") }

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) -> [Sample] {
        var samples: [Sample] = []
        for resource in resources {
            let pool = Pool(resource)
            let shown = Resource(id: resource.id, metadata: ["pool_name": pool.capabilities["pool_name"] ?? .null])
            for (meter, part) in zip(Self.meters, Self.parts) where meters.contains(meter.name) {
                if let value = part.value(pool) { samples.append(Sample(meter, value, of: shown, in: cycle)) }
            }
        }
        return samples
    }
}

/// What a driver says of a pool. A capacity may be `infinite` or `unknown`, and is then left out.
private struct Pool {
    let capabilities: Metadata

    init(_ resource: Resource) {
        guard case .object(let capabilities)? = resource.metadata["capabilities"] else {
            self.capabilities = resource.metadata
            return
        }
        self.capabilities = capabilities
    }

    func number(_ key: String) -> Volume? {
        switch capabilities[key] {
        case .integer(let integer)?: .integer(integer)
        case .real(let real)? where real.isFinite: .real(real)
        // Some drivers write numbers as texts.
        case .string(let text)?:
            Int64(text).map { .integer($0) } ?? Double(text).flatMap { $0.isFinite ? .real($0) : nil }
        default: nil
        }
    }

    private func real(_ key: String) -> Double? { number(key).map { $0.doubleValue } }

    /// What was promised to volumes; a driver without thin provisioning has nothing to say of it.
    var provisioned: Volume? {
        guard let provisioned = number("provisioned_capacity_gb"), provisioned.doubleValue != 0 else { return nil }
        return provisioned
    }

    /// What may still be promised.
    var virtualFree: Volume? {
        guard let provisioned, let total = real("total_capacity_gb") else { return nil }
        let isThin = capabilities["thin_provisioning_support"] == .bool(true)
        let ratio = isThin ? real("max_over_subscription_ratio") ?? 1 : 1
        let reserved = ((real("reserved_percentage") ?? 0) * total / 100).rounded(.down)
        return .real(ratio * (total - reserved) - provisioned.doubleValue)
    }
}
