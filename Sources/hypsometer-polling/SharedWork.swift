// SPDX-License-Identifier: Apache-2.0
import Agent
import Coordination
import Daemon
import Settings

/// Lets the agent divide work with those of its group.
struct SharedWork: WorkSharing {
    let group: AgentGroup

    func share(in groups: Set<String>) async -> WorkShare {
        let share = await group.share(in: groups)
        return WorkShare(share.includes) { share.includes($0, in: $1) }
    }

    /// nil where `[coordination] backend_url` is empty.
    static func settings(_ configuration: Configuration) throws(Mistake) -> CoordinationSettings? {
        let setting = AgentSettings.coordinationBackend
        let url = try configuration.value(setting)
        guard !url.isEmpty, let place = configuration.place(of: setting.section, setting.name) else { return nil }
        return try CoordinationSettings(
            configuration, url: url, place: place,
            namespaces: try configuration.value(AgentSettings.pollingNamespaces), hostName: HostName.current)
    }
}
