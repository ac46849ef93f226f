// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Pipelines
package import Settings
internal import Telemetry

/// Reads everything an operator wrote and makes a setup of it, or tells all that is wrong. Called at start and again
/// at every SIGHUP.
package struct SetupLoader: Sendable {
    private let options: AgentOptions
    private let environment: [String: String]
    private let source: any PluginSource
    private let systemDirectory: String
    /// What goes before the files; nil for nothing.
    package var deployed: DeployedConfiguration?
    /// Whether a fleet service configures the agent: without a word of anybody's nothing is polled then.
    package var isOfFleet = false

    /// - Parameter systemDirectory: where files are that nobody named.
    package init(
        options: AgentOptions, environment: [String: String], source: any PluginSource,
        systemDirectory: String = ConfigurationFiles.systemDirectory
    ) {
        self.options = options
        self.environment = environment
        self.source = source
        self.systemDirectory = systemDirectory
    }

    /// Every setting there is, the agent's first.
    package var settings: [AnySetting] { AgentSettings.all + SpoolOptions.settings + source.settings }

    /// The configuration files, the environment and the command line; the values are not checked yet.
    package func configuration() throws(Mistakes) -> Configuration {
        let documents = try ConfigurationFiles(
            files: options.configFiles, directories: options.configDirectories, systemDirectory: systemDirectory
        ).documents()
        var overrides: [String: [String: String]] = [:]
        if options.debug { overrides["DEFAULT", default: [:]]["debug"] = "true" }
        if let namespaces = options.namespaces {
            overrides["DEFAULT", default: [:]]["polling_namespaces"] = namespaces.joined(separator: ",")
        } else if let namespaces = deployed?.configuration.namespaces {
            overrides["DEFAULT", default: [:]]["polling_namespaces"] = namespaces.joined(separator: ",")
        }
        return Configuration(documents: documents, environment: environment, overrides: overrides)
    }

    package func load() throws(Mistakes) -> AgentSetup {
        let configuration = try configuration()
        var mistakes = configuration.mistakes(against: settings, foreign: .ceilometer)
        if isSharing(configuration), !patterns.isEmpty {
            mistakes.add(
                Mistake(
                    patternsPlace, "--pollster-list", found: "given together with [coordination] backend_url",
                    allowed: "one of the two, as agents that share work must poll the same meters"))
        }

        let polling = mistakes.collectAll { () throws(Mistakes) -> PollingDefinition in
            if let deployed = deployed?.configuration.polling { return deployed }
            return try definition(AgentSettings.pollingFile, configuration, PollingDefinition.init)
                ?? (isOfFleet ? .nothing : .everything)
        }
        let pipeline = mistakes.collectAll { () throws(Mistakes) -> PipelineDefinition in
            if let deployed = deployed?.configuration.pipeline { return deployed }
            return try definition(AgentSettings.pipelineFile, configuration, PipelineDefinition.init) ?? .standardOutput
        }
        let made = mistakes.collectAll { () throws(Mistakes) in try source.plugins(for: configuration) }
        guard let made else { throw mistakes }
        let isPublishing = mistakes.collect { () throws(Mistake) in try self.isPublishing(configuration, made.plugins) }
        if let pipeline {
            for url in pipeline.sinks.flatMap(\.publishers) {
                _ = mistakes.collect { () throws(Mistake) in try made.plugins.publishers.make(url) }
            }
        }
        let plan = polling.flatMap { polling in
            mistakes.collectAll { () throws(Mistakes) in
                try self.plan(polling, configuration, made.plugins)
            }
        }
        guard mistakes.isEmpty, let plan, let written = pipeline, let isPublishing else { throw mistakes }
        let used = isPublishing ? written : .nothing

        var remarks = made.plugins.remarks + plan.remarks
        if polling == .nothing {
            remarks.append(
                "the fleet service has deployed no polling yet, and there is no polling.yaml: nothing is polled")
        } else if polling?.isWritten == false {
            remarks.append("no polling.yaml: every meter is polled, every 300 seconds")
        }
        for (name, place) in configuration.withoutEffect(.ceilometer, besides: settings)
        where !made.plugins.sections.contains(where: { name.hasPrefix("[\($0)] ") }) {
            let owner =
                ForeignOptions.plugins.contains { name.hasPrefix("[\($0)") }
                ? "belongs to no plug-in that is loaded" : "is an option of Ceilometer's"
            remarks.append(
                "\(place.file):\(place.line ?? 0): \(name.shortened()) \(owner) and has no effect here")
        }
        do throws(Mistake) {
            let threads = [AgentSettings.pollstersAtOnce, AgentSettings.oldPollstersAtOnce].first {
                configuration.place(of: $0.section, $0.name) != nil
            }
            return AgentSetup(
                plan: plan, pipeline: used,
                spool: made.plugins.publishers.needSpool(for: used) ? try SpoolOptions(configuration) : nil,
                plugins: made.plugins, generation: made.generation,
                sampleSource: try configuration.value(AgentSettings.sampleSource),
                pollstersAtOnce: try configuration.value(threads ?? AgentSettings.pollstersAtOnce),
                jitter: try configuration.value(AgentSettings.jitter),
                shutdownTimeout: .seconds(try configuration.value(AgentSettings.shutdownTimeout)),
                logLevel: try configuration.value(AgentSettings.debug) ? .debug : .info,
                reportInterval: .seconds(try configuration.value(AgentSettings.reportInterval)), remarks: remarks,
                origin: deployed?.name)
        } catch {
            throw Mistakes([error])
        }
    }

    /// Also where what is set for it is a mistake, which is told elsewhere.
    private func isSharing(_ configuration: Configuration) -> Bool {
        (try? configuration.value(AgentSettings.coordinationBackend)) != ""
    }

    /// Which meters are polled at most: what the command line says, else the fleet service.
    private var patterns: [String] {
        options.pollsterList.isEmpty ? deployed?.configuration.pollsters ?? [] : options.pollsterList
    }

    private var patternsPlace: Mistake.Place {
        .init(options.pollsterList.isEmpty ? deployed?.name ?? "command line" : "command line")
    }

    private func isPublishing(_ configuration: Configuration, _ plugins: Plugins) throws(Mistake) -> Bool {
        let setting = AgentSettings.publishing
        let isPublishing = try configuration.value(setting)
        if isPublishing || !plugins.observers.isEmpty { return isPublishing }
        throw Mistake(
            configuration.place(of: setting.section, setting.name) ?? .init("built-in configuration"),
            "[\(setting.section)] \(setting.name)", found: "false, and nobody else who takes samples",
            allowed: "true, or false with enable_prometheus_exporter = true")
    }

    private func plan(
        _ polling: PollingDefinition, _ configuration: Configuration, _ plugins: Plugins
    ) throws(Mistakes) -> PollingPlan {
        if polling == .nothing { return PollingPlan(groups: [], remarks: []) }
        let namespaces: [String]
        do throws(Mistake) {
            namespaces = try configuration.value(AgentSettings.pollingNamespaces)
        } catch {
            throw Mistakes([error])
        }
        let place = configuration.place(of: "DEFAULT", "polling_namespaces") ?? .init("built-in configuration")
        let offer = try MeterOffer(
            plugins.pollsters, namespaces: namespaces, patterns: patterns,
            place: patterns == options.pollsterList ? place : patternsPlace)
        return try PollingPlan(
            polling, offered: offer, known: Set(plugins.pollsters.flatMap { $0.meters.map(\.name) }),
            hasGaps: plugins.hasGaps,
            discoveries: plugins.discoveries.filter { !$0.namespaces.isDisjoint(with: namespaces) },
            hostName: plugins.hostName, isSharing: isSharing(configuration))
    }

    /// What a YAML file defines; nil where the operator named none and there is none.
    private func definition<Definition>(
        _ setting: Setting<String>, _ configuration: Configuration,
        _ read: (_ file: String, _ text: String) throws(Mistakes) -> Definition
    ) throws(Mistakes) -> Definition? {
        do {
            let name = try configuration.value(setting)
            let directories = configuration.documents.reversed().map { String($0.path.directory) } + [systemDirectory]
            let candidates = name.hasPrefix("/") ? [name] : directories.map { "\($0)/\(name)" }
            guard let path = candidates.first(where: TextFile.exists) else {
                guard let place = configuration.place(of: setting.section, setting.name) else { return nil }
                throw Mistake(
                    place, "[\(setting.section)] \(setting.name)", found: "\(name.quoted), which isn't there",
                    allowed: "a file; looked for at \(candidates.joined(separator: ", ").shortened(to: 300))")
            }
            let text = try TextFile.read(path)
            return try read(path, text)
        } catch let mistake as Mistake {
            throw Mistakes([mistake])
        } catch let mistakes as Mistakes {
            throw mistakes
        } catch {
            throw Mistakes([Mistake(.init(setting.name), "", found: "\(error)", allowed: "a readable file")])
        }
    }
}

extension String {
    /// Of a path; `.` where it has none.
    fileprivate var directory: Substring {
        lastIndex(of: "/").map { $0 == startIndex ? "/" : self[..<$0] } ?? "."
    }
}
