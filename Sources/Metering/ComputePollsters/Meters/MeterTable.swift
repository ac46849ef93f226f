// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// The meters of one theme, and what of a domain they are about.
struct MeterTable<Subject: Sendable>: Sendable {
    /// The pollster's name.
    let name: String
    let rows: [MeterRow<Subject>]
    let subjects: @Sendable (HostReading.Domain) -> [Subject]
    /// The resource that each subject's samples belong to, made of the instance; nil for a subject that isn't known.
    /// Must depend on nothing but the instance and the domain's ``HostReading/Domain/shape``.
    let resources: @Sendable (Resource, HostReading.Domain) -> [Resource?]
}

extension MeterTable where Subject == HostReading.Domain {
    /// About domains as a whole.
    ///
    /// - Parameter inactiveToo: whether a domain that is shut off is a subject.
    init(_ name: String, inactiveToo: Bool = false, _ rows: [MeterRow<Subject>]) {
        self.init(
            name: name, rows: rows, subjects: { inactiveToo || $0.stats.isActive ? [$0] : [] },
            resources: { instance, _ in [instance] })
    }
}
