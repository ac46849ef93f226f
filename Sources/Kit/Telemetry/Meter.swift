// SPDX-License-Identifier: Apache-2.0

/// What is measured: a name operators know, how its values behave, and their unit.
public struct Meter: Sendable, Hashable {
    /// How successive values of a meter relate, in Ceilometer's words.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Grows until the resource restarts: a counter.
        case cumulative
        /// The change since the sample before.
        case delta
        /// A value that stands for itself.
        case gauge
    }

    /// Dotted lower-case name, such as `cpu` or `disk.device.read.bytes`.
    public var name: String
    public var kind: Kind
    /// As Ceilometer writes it (`ns`, `%`, `B`, `MiB`, `B/s`, …); empty for a plain number such as `power.state`.
    public var unit: String
    /// True where a value comes from two readings, as a rate does: there is none on a first reading, so a single
    /// poll (`--test`, `--once`) reads twice.
    public var needsTwoReadings: Bool

    public init(_ name: String, _ kind: Kind, unit: String, needsTwoReadings: Bool = false) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.needsTwoReadings = needsTwoReadings
    }
}
