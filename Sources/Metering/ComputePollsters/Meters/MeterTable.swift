// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// The meters of one theme, and what of a domain they are about.
struct MeterTable: Sendable {
    /// The pollster's name.
    let name: String
    let rows: [MeterRow]
    /// How many devices of a domain are subjects, for a table about these; 1 for the domain itself.
    let subjectCount: @Sendable (HostReading.Domain) -> Int
    /// The resource that each subject's samples belong to, made of the instance; nil for a subject that isn't known.
    /// Must depend on nothing but the instance and the domain's ``HostReading/Domain/shape``.
    let resources: @Sendable (Resource, HostReading.Domain) -> [Resource?]

    init(
        name: String, rows: [MeterRow], subjectCount: @escaping @Sendable (HostReading.Domain) -> Int,
        resources: @escaping @Sendable (Resource, HostReading.Domain) -> [Resource?]
    ) {
        self.name = name
        self.rows = rows
        self.subjectCount = subjectCount
        self.resources = resources
    }

    /// About domains as a whole.
    ///
    /// - Parameter inactiveToo: whether a domain that is shut off is a subject.
    init(_ name: String, inactiveToo: Bool = false, _ rows: [MeterRow]) {
        self.init(
            name: name, rows: rows, subjectCount: { inactiveToo || $0.stats.isActive ? 1 : 0 },
            resources: { instance, _ in [instance] })
    }
}
