internal import Notifications
internal import Pipelines
internal import Settings

// SPDX-License-Identifier: Apache-2.0
@testable internal import CentralPollsters

/// The files that operators write.
extension FuzzTarget {
    static let configuration = [
        FuzzTarget(
            "ini",
            text: { text in
                tell { () throws(Mistakes) in
                    let document = try INIDocument(path: "f.conf", text: text)
                    _ = Configuration(documents: [document], environment: [:])
                        .mistakes(against: [], foreign: ForeignOptions([:], wholeSections: []))
                }
            }),
        FuzzTarget(
            "polling",
            text: { text in
                tell { () throws(Mistakes) in _ = try PollingDefinition(file: "polling.yaml", text: text) }
            }),
        FuzzTarget(
            "pipeline",
            text: { text in
                tell { () throws(Mistakes) in _ = try PipelineDefinition(file: "pipeline.yaml", text: text) }
            }),
        FuzzTarget(
            "pollsters.d",
            text: { text in
                var mistakes = Mistakes()
                let items = mistakes.collect { () throws(Mistake) in
                    try YAMLValue(file: "p.yaml", text: text).list(of: "pollsters")
                }
                for item in items ?? [] {
                    _ = mistakes.collectAll { () throws(Mistakes) in
                        try DynamicDefinition(item, namespaces: ["central", "compute"])
                    }
                }
                requireOneLineEach(mistakes.all.map(\.description))
            }),
        FuzzTarget(
            "meters.d",
            text: { text in
                tell { () throws(Mistakes) in _ = try MeterDefinitions(files: [("meters.yaml", text)]) }
            }),
        FuzzTarget(
            "event_definitions",
            text: { text in
                tell { () throws(Mistakes) in _ = try EventDefinitions(file: "event_definitions.yaml", text: text) }
            }),
    ]

    private static func tell(_ read: () throws(Mistakes) -> Void) {
        do {
            try read()
        } catch {
            require(!error.isEmpty, "refused without a word")
            requireOneLineEach(error.all.map(\.description))
        }
    }
}
