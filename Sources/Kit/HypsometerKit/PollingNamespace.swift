// SPDX-License-Identifier: Apache-2.0

/// Which agents run a pollster, as `--polling-namespaces` chooses them.
public enum PollingNamespace: String, Sendable, Hashable, CaseIterable {
    /// On each compute host.
    case compute
    /// On management nodes, for the whole cloud.
    case central
    /// Where sensors are read.
    case ipmi
    /// In all of them.
    case agent

    /// As the manifest names it: `ceilometer.poll.compute`.
    public var entryPointNamespace: String { "ceilometer.poll.\(rawValue)" }
}
