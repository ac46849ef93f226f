// SPDX-License-Identifier: Apache-2.0
package import Pipelines
internal import Settings

/// Who gets what the collector stores, and where it waits for them.
package struct ForwardingOptions: Sendable {
    /// Every sample, to each of them.
    package var pipeline: PipelineDefinition
    package var publishers: [PublisherRegistration]
    package var spool: SpoolOptions
    /// Whether the spool's directory is ours to make.
    package var makesDirectory: Bool

    /// nil where samples go on to nobody.
    init?(
        _ configuration: Configuration, beside directory: String, _ publishers: [PublisherRegistration]
    ) throws(Mistakes) {
        let setting = CollectorSettings.forward
        let place = configuration.place(of: setting.section, setting.name) ?? .init("built-in configuration")
        var mistakes = Mistakes()
        var urls: [PublisherURL] = []
        let texts = mistakes.collect { () throws(Mistake) in try configuration.value(setting) } ?? []
        for text in texts {
            let url = mistakes.collect { () throws(Mistake) in
                let url = try PublisherURL(text, at: place, path: "[collector] forward")
                guard case .remote = try publishers.make(url) else {
                    throw Mistake(
                        place, "[collector] forward", found: "\(url.shown), which leads to no other host",
                        allowed: "publishers that keep samples until another host has them, such as remotewrite://")
                }
                return url
            }
            if let url, !urls.contains(url) { urls.append(url) }
        }
        try mistakes.throwIfAny()
        guard !urls.isEmpty else { return nil }
        do throws(Mistake) {
            let own = try configuration.value(CollectorSettings.forwardSpool)
            makesDirectory = own.isEmpty
            spool = SpoolOptions(
                directory: own.isEmpty ? "\(directory)/forward" : own,
                mostBytes: try configuration.value(CollectorSettings.forwardSpoolSize) << 20,
                mostAge: .seconds(86_400 * (try configuration.value(CollectorSettings.retention))), place: place)
        } catch {
            throw Mistakes([error])
        }
        self.publishers = publishers
        pipeline = .everything(to: urls, sink: "forward")
    }
}
