// SPDX-License-Identifier: Apache-2.0
internal import Settings
internal import Synchronization
package import Wire

/// The secrets that messages may be signed with now. Others may take their place while messages come.
package final class SignersInForce: Sendable {
    private let signers: Mutex<[MessageSigner]>

    /// - Parameter signers: empty where signatures are not looked at.
    package init(_ signers: [MessageSigner]) { self.signers = Mutex(signers) }

    /// So for as long as the service runs.
    var areNeeded: Bool { signers.withLock { !$0.isEmpty } }

    /// Whether a message bears the signature of one of them.
    func verifies(_ message: WireValue) -> Bool { signers.withLock { $0 }.contains { $0.verifies(message) } }

    /// Puts others in force, for the next message.
    ///
    /// - Returns: the settings that wait for the next start, as `[section] name`: whether signatures are looked at stays
    ///   as it was, as it guards the addresses that stay, too.
    package func take(_ new: [MessageSigner]) -> [String] {
        signers.withLock { signers in
            guard signers.isEmpty == new.isEmpty else { return ["[collector] \(CollectorSettings.secretFile.name)"] }
            signers = new
            return []
        }
    }
}
