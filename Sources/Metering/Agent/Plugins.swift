// SPDX-License-Identifier: Apache-2.0
package import Pipelines
package import Settings
package import Telemetry

/// What the front door hands to the agent, which knows no plug-in by name.
package struct Plugins: Sendable {
    package var pollsters: [PollsterRegistration]
    package var discoveries: [DiscoveryRegistration]
    package var publishers: [PublisherRegistration]
    /// What this host is called in samples.
    package var hostName = ""
    /// See what is polled, whatever the pipeline does with it.
    package var observers: [any ReadingObserver] = []
    /// Sections of the configuration whose options are read by plug-ins of others.
    package var sections: Set<String> = []
    /// Whether there are plug-ins whose meters aren't known, as they could not be loaded: a meter that nobody offers
    /// may be one of theirs, and no slip.
    package var hasGaps = false
    /// What an operator should know of them, a line each.
    package var remarks: [String] = []

    package init(
        pollsters: [PollsterRegistration] = [], discoveries: [DiscoveryRegistration] = [],
        publishers: [PublisherRegistration] = []
    ) {
        self.pollsters = pollsters
        self.discoveries = discoveries
        self.publishers = publishers
    }
}

/// Makes plug-ins from what an operator set.
package protocol PluginSource: Sendable {
    /// The settings that the plug-ins read.
    var settings: [AnySetting] { get }

    /// - Returns: the plug-ins, and a number that stays the same as long as they are the same, with all they remember.
    func plugins(for configuration: Configuration) throws(Mistakes) -> (plugins: Plugins, generation: Int)
}
