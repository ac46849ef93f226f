// SPDX-License-Identifier: Apache-2.0
internal import Settings

/// Reads what is made of notifications: definitions of meters and events.
struct NotificationDefinitions {
    let configuration: Configuration
    let systemDirectory: String

    func handlers(
        _ plugins: [NotificationPluginEntry], makesEvents: Bool, remarks: inout [String]
    ) throws(Mistakes) -> NotificationHandlers {
        var mistakes = Mistakes()
        let pipelines = words(NotificationSettings.pipelines, ["meter", "event"], &mistakes)
        let raw = words(NotificationSettings.storeRaw, ["error", "info"], &mistakes)
        let reserved = mistakes.collect { () throws(Mistake) in try ReservedMetadata(configuration) }
        let sampleSource = mistakes.collect { () throws(Mistake) in
            try configuration.value(NotificationSettings.sampleSource)
        }
        var meters: MeterDefinitions?
        if pipelines.contains("meter") {
            let directories = self.directories(&mistakes)
            meters = mistakes.collectAll { () throws(Mistakes) in try MeterDefinitions(directories: directories) }
            if directories.isEmpty {
                remarks.append("no directory meters.d: samples are made by plug-ins alone")
            }
            remarks += meters?.remarks ?? []
        }
        var events: EventDefinitions?
        if pipelines.contains("event"), makesEvents {
            events = mistakes.collectAll { () throws(Mistakes) in try eventDefinitions() }
        } else if pipelines.contains("event") {
            remarks.append("no event_pipeline.yaml: no events are made")
        }
        guard mistakes.isEmpty, let reserved, let sampleSource else { throw mistakes }
        return NotificationHandlers(
            plugins: plugins, meters: meters, events: events, rawPriorities: raw, reserved: reserved,
            sampleSource: sampleSource)
    }

    private func eventDefinitions() throws(Mistakes) -> EventDefinitions {
        let file: (path: String, text: String)?
        let drops: Bool
        do throws(Mistake) {
            drops = try configuration.value(NotificationSettings.dropsUnmatched)
            let setting = NotificationSettings.eventDefinitions
            let path = try DefinitionFile.path(
                named: try configuration.value(setting), by: AnySetting(setting), configuration,
                systemDirectory: systemDirectory)
            if let path { file = (path, try TextFile.read(path)) } else { file = nil }
        } catch {
            throw Mistakes([error])
        }
        guard let file else { return EventDefinitions(dropsUnmatched: drops) }
        return try EventDefinitions(file: file.path, text: file.text, dropsUnmatched: drops)
    }

    private func directories(_ mistakes: inout Mistakes) -> [String] {
        let setting = NotificationSettings.meterDirectories
        let names = mistakes.collect { () throws(Mistake) in try configuration.value(setting) } ?? []
        return names.compactMap { name in
            mistakes.collect { () throws(Mistake) in
                try DefinitionFile.path(
                    named: name, by: AnySetting(setting), configuration, systemDirectory: systemDirectory)
            } ?? nil
        }
    }

    /// A list whose words are few.
    private func words(
        _ setting: Setting<[String]>, _ known: [String], _ mistakes: inout Mistakes
    ) -> Set<String> {
        let words = mistakes.collect { () throws(Mistake) in try configuration.value(setting) } ?? []
        let place = configuration.place(of: setting.section, setting.name) ?? .init("built-in configuration")
        for word in words where !known.contains(word) {
            mistakes.add(Mistake(place, "[\(setting.section)] \(setting.name)", unknown: word, among: known))
        }
        return Set(words)
    }
}
