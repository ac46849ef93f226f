// SPDX-License-Identifier: Apache-2.0

/// What is wrong in a bus URL or in an option, without any of its secrets; whoever read it knows the place.
package struct BusMistake: Error, Sendable, Hashable {
    /// The option; nil where it is the URL.
    package var option: String?
    package var found: String
    package var allowed: String

    init(option: String? = nil, found: String, allowed: String) {
        self.option = option
        self.found = found
        self.allowed = allowed
    }
}
