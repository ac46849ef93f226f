// SPDX-License-Identifier: Apache-2.0

/// Why a service can't have its database.
package enum DatabaseFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file of that path can't be opened, in the system's words.
    case unopened(path: String, reason: String)
    /// Another process has it open.
    case inUse(path: String)
    /// There are tables in it that this version doesn't know.
    case newer(path: String)

    package var description: String {
        switch self {
        case .unopened(let path, let reason): "could not open \(path): \(reason)"
        case .inUse(let path): "could not open \(path): another process has it open"
        case .newer(let path): "could not use \(path): \(Self.newerWords)"
        }
    }

    package static let newerWords = "a newer version of Hypsometer made it"
}
