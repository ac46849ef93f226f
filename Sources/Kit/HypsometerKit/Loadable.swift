// SPDX-License-Identifier: Apache-2.0

/// What an entry point of a plug-in is made by, beside the contract that it fulfils.
public protocol Loadable: Sendable {
    /// - Throws: ``PluginDisabled`` where there is nothing for it to do on this host; any other error is told to the
    ///   operator as what is wrong with its options.
    init(context: PluginContext) throws
}

/// What a plug-in throws to disable itself, as where it polls another hypervisor than the one configured. Nothing has
/// failed then: the host notes the reason and goes on without it.
public struct PluginDisabled: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, for the operator.
    public var description: String

    public init(_ reason: String) { description = reason }
}
