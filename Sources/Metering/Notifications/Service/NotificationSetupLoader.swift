// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Pipelines
package import Settings

/// Reads everything an operator wrote and makes a setup of it, or tells all that is wrong. Called at start and again at
/// every SIGHUP.
package struct NotificationSetupLoader: Sendable {
    private let configure: @Sendable () throws(Mistakes) -> Configuration
    private let source: any NotificationPartsSource
    private let isTest: Bool
    private let systemDirectory: String

    /// - Parameters:
    ///   - isTest: whether a single message is tried, which needs no bus, and whose event is wanted whoever gets it.
    ///   - configure: reads the configuration files.
    package init(
        source: any NotificationPartsSource, isTest: Bool = false,
        systemDirectory: String = ConfigurationFiles.systemDirectory,
        configure: @escaping @Sendable () throws(Mistakes) -> Configuration
    ) {
        self.source = source
        self.isTest = isTest
        self.systemDirectory = systemDirectory
        self.configure = configure
    }

    /// Every setting there is, the service's first.
    package var settings: [AnySetting] {
        NotificationSettings.all + [AnySetting(SpoolOptions.sizeSetting), AnySetting(SpoolOptions.ageSetting)]
            + source.settings
    }

    package func configuration() throws(Mistakes) -> Configuration { try configure() }

    package func load() throws(Mistakes) -> NotificationSetup {
        let configuration = try configure()
        var mistakes = configuration.mistakes(against: settings, foreign: NotificationSettings.foreign)
        try mistakes.throwIfAny()
        let parts = try source.parts(for: configuration)
        var remarks: [String] = []
        let pipeline = mistakes.collectAll { () throws(Mistakes) in
            try read(NotificationSettings.pipelineFile, configuration, PipelineDefinition.init) ?? .standardOutput
        }
        for url in pipeline?.sinks.flatMap(\.publishers) ?? [] {
            _ = mistakes.collect { () throws(Mistake) in try parts.publishers.make(url) }
        }
        let eventPipeline =
            mistakes.collectAll { () throws(Mistakes) in
                try read(NotificationSettings.eventPipelineFile, configuration, EventPipelineDefinition.init)
            } ?? nil
        for url in eventPipeline?.sinks.flatMap(\.publishers) ?? [] {
            _ = mistakes.collect { () throws(Mistake) in try parts.eventPublishers.make(url) }
        }
        let definitions = NotificationDefinitions(configuration: configuration, systemDirectory: systemDirectory)
        let handlers = mistakes.collectAll { () throws(Mistakes) in
            try definitions.handlers(parts.plugins, makesEvents: isTest || eventPipeline != nil, remarks: &remarks)
        }
        let buses = BusReading(configuration: configuration)
        let sources = mistakes.collectAll { () throws(Mistakes) in
            try buses.sources(isNeeded: !isTest, remarks: &remarks)
        }
        guard mistakes.isEmpty, let pipeline, let handlers, let sources else { throw mistakes }
        if configuration.place(of: "meter", "meter_definitions_cfg_file") != nil {
            remarks.append(
                "[meter] meter_definitions_cfg_file has no effect here: put the file into a directory of "
                    + "[meter] meter_definitions_dirs")
        }
        for (name, place) in configuration.withoutEffect(NotificationSettings.foreign, besides: settings)
        where ["[notification] ", "[event] ", "[meter] "].contains(where: name.hasPrefix) {
            remarks.append(
                "\(place.file):\(place.line ?? 0): \(name.shortened()) is an option of Ceilometer's and has no effect here"
            )
        }
        do throws(Mistake) {
            let directory = try configuration.value(NotificationSettings.spoolDirectory)
            let sizes = try SpoolOptions(configuration)
            return NotificationSetup(
                handlers: handlers, pipeline: pipeline, eventPipeline: eventPipeline, publishers: parts.publishers,
                eventPublishers: parts.eventPublishers,
                spool: SpoolOptions(
                    directory: directory, mostBytes: sizes.mostBytes, mostAge: sizes.mostAge,
                    place: configuration.place(of: "notification", "spool_directory")
                        ?? .init("built-in configuration"), setting: "[notification] spool_directory"),
                needsSpool: parts.publishers.needSpool(for: pipeline), sources: sources,
                batchTimeout: .seconds(try configuration.value(NotificationSettings.batchTimeout)),
                acknowledgesOnEventError: try configuration.value(NotificationSettings.acknowledgesOnEventError),
                shutdownTimeout: .seconds(try configuration.value(NotificationSettings.shutdownTimeout)),
                logLevel: try configuration.value(NotificationSettings.debug) ? .debug : .info,
                reportInterval: .seconds(try configuration.value(NotificationSettings.reportInterval)),
                remarks: remarks)
        } catch {
            throw Mistakes([error])
        }
    }

    /// What a YAML file defines; nil where the operator named none and there is none.
    private func read<Definition>(
        _ setting: Setting<String>, _ configuration: Configuration,
        _ make: (_ file: String, _ text: String) throws(Mistakes) -> Definition
    ) throws(Mistakes) -> Definition? {
        let file: (path: String, text: String)?
        do throws(Mistake) {
            let path = try DefinitionFile.path(
                named: try configuration.value(setting), by: AnySetting(setting), configuration,
                systemDirectory: systemDirectory)
            if let path { file = (path, try TextFile.read(path)) } else { file = nil }
        } catch {
            throw Mistakes([error])
        }
        guard let file else { return nil }
        return try make(file.path, file.text)
    }
}
