// SPDX-License-Identifier: Apache-2.0

extension ModelKeeper {
    /// How a model is doing.
    package struct Status: Sendable, Hashable {
        package var name: String
        /// When it was last built, in UTC; nil before that.
        package var synchronised: String?
        /// Since when it could not be built, in UTC; nil where it could the last time.
        package var staleSince: String?
        /// Why it could not, or ``isAbsent``.
        package var reason: String?
        /// Whether there is nothing to build it of; it is looked for again by its period.
        package var isAbsent = false
        /// Since when no notifications are heard, in UTC: the model is as it was then, or when it was last built. Nil
        /// where they are heard, or where there is nobody to hear them from.
        package var unheardSince: String?
        /// Notifications that changed it, could not be applied, and came while too many were waiting.
        package var applied = 0, failed = 0, dropped = 0
    }
}
