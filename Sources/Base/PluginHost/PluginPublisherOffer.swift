// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
internal import Synchronization
package import Telemetry

/// A kind of publisher that a plug-in offers.
package struct PluginPublisherOffer: Sendable {
    package let scheme: String
    /// What its URLs may say after the `?`; nil where the plug-in could not be asked, so that all is taken.
    package let options: Set<String>?
    private let slot: PluginSlot
    private let checked = CheckedTargets()

    init(_ slot: PluginSlot, scheme: String, options: Set<String>?) {
        self.slot = slot
        self.scheme = scheme
        self.options = options
    }

    /// Makes one. The plug-in is asked once whether it takes such a URL, on a thread that may wait.
    ///
    /// - Throws: ``PluginRefusal`` where the plug-in doesn't take it. Where the plug-in itself can't be asked, samples
    ///   will wait for it.
    package func make(location: String, options: [String: String]) throws -> any Publisher {
        let target = PublisherTarget(name: scheme, location: location, options: options)
        try checked.once(target) {
            do {
                _ = try slot.callBlocking(.checkPublisher, target.parameters.json)
            } catch let error as RPCError {
                throw PluginRefusal(description: "\(error)")
            } catch is PluginError {}  // said already, and again when there is something to publish
        }
        return PluginPublisher(slot, target)
    }
}

/// What a plug-in finds wrong with what an operator wrote.
package struct PluginRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
}

private final class CheckedTargets: Sendable {
    private let good = Mutex<Set<PublisherTarget>>([])

    func once(_ target: PublisherTarget, _ check: () throws -> Void) throws {
        if good.withLock({ $0.contains(target) }) { return }
        try check()
        good.withLock { _ = $0.insert(target) }
    }
}
