// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import Telemetry

/// What `gnocchi_resources.yaml` says, in Ceilometer's grammar.
struct GnocchiDefinitions: Sendable {
    /// Gnocchi comes with this one.
    private static let commonPolicy = "low"

    var defaultPolicy: String
    var policies: [ArchivePolicy]
    var resources: [ResourceDefinition]

    init(file: String, text: String) throws(Mistakes) {
        var mistakes = Mistakes()
        let root = mistakes.collect { () throws(Mistake) in try YAMLValue(file: file, text: text) }
        guard let root else { throw mistakes }
        let fields = root.fields(
            of: "file", required: ["resources"], optional: ["archive_policy_default", "archive_policies"],
            noting: &mistakes)
        defaultPolicy =
            fields["archive_policy_default"].flatMap { value in
                mistakes.collect { () throws(Mistake) in try value.string() }
            } ?? Self.commonPolicy
        policies = []
        if let list = fields["archive_policies"], !list.isNothing {
            for item in mistakes.collect({ () throws(Mistake) in try list.list(of: "archive policies") }) ?? [] {
                if let policy = ArchivePolicy(item, noting: &mistakes) { policies.append(policy) }
            }
        }
        resources = []
        if let list = fields["resources"] {
            for item in mistakes.collect({ () throws(Mistake) in try list.list(of: "resources") }) ?? [] {
                resources.append(ResourceDefinition(item, noting: &mistakes))
            }
        }
        try mistakes.throwIfAny()
    }

    /// Reads the file that a URL names, beside the file that has the URL, or in `/etc/hypsometer`.
    static func read(_ url: PublisherURL) throws(Mistake) -> GnocchiDefinitions {
        let option = "resources_definition_file"
        let name = url.options[option] ?? "gnocchi_resources.yaml"
        let directory = url.place.file.lastIndex(of: "/").map { String(url.place.file[..<$0]) } ?? "."
        let candidates =
            name.hasPrefix("/")
            ? [name] : ["\(directory)/\(name)", "\(ConfigurationFiles.systemDirectory)/\(name)"]
        guard let path = candidates.first(where: TextFile.exists) else {
            throw Mistake(
                url.place, "publisher \(url.shown), option \(option)", found: "\(name.quoted), which isn't there",
                allowed: "a file that tells Gnocchi's resource types; looked for at "
                    + candidates.joined(separator: ", ").shortened(to: 300))
        }
        let text = try TextFile.read(path)
        do throws(Mistakes) {
            return try GnocchiDefinitions(file: path, text: text)
        } catch {
            throw error.inOrder[0]
        }
    }

    /// The first definition that has the meter.
    func resource(of meter: String) -> (definition: ResourceDefinition, metric: ResourceDefinition.Metric)? {
        for definition in resources {
            if let metric = definition.metric(meter) { return (definition, metric) }
        }
        return nil
    }
}
