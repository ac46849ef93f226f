// SPDX-License-Identifier: Apache-2.0

/// Why a sample, or a whole message, was not taken, for good.
package struct Refusal: Error, Sendable, Hashable {
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// It isn't a sample at all, or a field is missing or of the wrong kind.
        case malformed
        /// It is larger than is taken.
        case tooLarge = "too_large"
        /// It is signed with another secret, or not signed where it has to be.
        case signature
        /// No token, or one that isn't known.
        case token
        /// Its clock is ahead of ours by more than is allowed.
        case future
        /// It is older than samples are kept.
        case old
        /// A receiver without an answer had no room left to keep it waiting.
        case overload
    }

    /// Which sample of its batch, from 0.
    package var index: Int
    package var reason: Reason
    /// What is wrong, in one sentence.
    package var detail: String

    package init(_ index: Int, _ reason: Reason, _ detail: String) {
        self.index = index
        self.reason = reason
        self.detail = detail
    }
}
