// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Logging
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `gnocchi://`, found in the cloud's catalog and asked with a token of Keystone's, or `gnocchi+http://user@host:8041` and
/// `gnocchi+https://…`, asked as that user: samples as measures, with the resources, the metrics and, on a
/// fresh server, the resource types and archive policies that they need.
///
/// What comes twice does no harm: Gnocchi keeps one value for a metric and a time.
actor GnocchiSender: Sender {
    static func registration(scheme: String, _ settings: PublisherSettings) -> PublisherRegistration {
        PublisherRegistration(
            scheme: scheme,
            options: HTTPExchange.options.union(["archive_policy", "resources_definition_file", "batch_size"])
        ) { url throws(Mistake) -> any Sender in
            try GnocchiSender(
                url, HTTPExchange(url, scheme: scheme.hasSuffix("https") ? "https" : "http", path: "/"),
                log: settings.log)
        }
    }

    /// Of whose attributes it is known that Gnocchi has them.
    private static let mostKnown = 50_000
    /// A batch is sent so often at most, after what it lacked was made.
    private static let mostTries = 4

    nonisolated let batchSize: Int
    private let client: GnocchiClient
    private let definitions: GnocchiDefinitions
    /// For all metrics, whatever their definitions say; nil for what those say.
    private let policy: String?
    private let exclusion: ProjectExclusion?
    private let name: String
    private let log: Logger
    private var lines = JSONLines()
    private var seen = SeenAttributes(most: mostKnown)
    private var readyPolicies: Set<String> = []
    private var readyTypes: Set<String> = []
    /// Meters that no definition has: each is told once.
    private var strangers: Set<String> = []

    /// - Parameter exclusion: finds the project whose samples are left out, where there is to be one.
    init(
        _ url: PublisherURL, _ exchange: HTTPExchange, exclusion: ProjectExclusion? = nil, log: Logger
    ) throws(Mistake) {
        self.exclusion = exclusion
        definitions = try GnocchiDefinitions.read(url)
        client = GnocchiClient(exchange: exchange)
        policy = url.options["archive_policy"]
        batchSize = try url.integer("batch_size", 1...10_000) ?? 1000
        name = url.shown
        self.log = log
    }

    func encode(_ samples: [Sample]) -> [UInt8] { lines.array(samples) }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        let (samples, unreadable) = SampleArray.read(batch)
        let excluded = try await exclusion?.projectID()
        let entries = samples.compactMap { entry($0, excluded: excluded) }
        if entries.isEmpty { return unreadable }
        try await prepare(entries)
        var hopeless: [String: String] = [:]
        let keys = Dictionary(entries.map { ($0.spooled.sample.id, $0) }) { first, _ in first }
        var letters = try await HalvedBatch.send(entries.map(\.spooled)) { part in
            try await self.post(GnocchiBatch(entries: part.compactMap { keys[$0.sample.id] }), &hopeless)
        }
        letters += entries.compactMap { entry in
            hopeless[entry.key].map { reason in entry.spooled.deadLetter(reason) }
        }
        for entry in GnocchiBatch(entries: entries).newest where hopeless[entry.key] == nil { try await tell(entry) }
        return unreadable + letters
    }

    /// nil, counted and told once, for a meter that no definition has.
    private func entry(_ spooled: SpooledSample, excluded: String?) -> GnocchiBatch.Entry? {
        if let excluded, spooled.sample.projectID == excluded {
            Counter(label: "samples_left_out_total", dimensions: [("publisher", name), ("reason", "filter_project")])
                .increment()
            return nil
        }
        let meter = spooled.sample.name
        if let (definition, metric) = definitions.resource(of: meter) {
            return GnocchiBatch.Entry(spooled: spooled, definition: definition, metric: metric)
        }
        Counter(label: "samples_dropped_total", dimensions: [("publisher", name), ("reason", "no_definition")])
            .increment()
        if strangers.insert(meter).inserted {
            log.warning(
                "no resource definition has this meter; its samples are dropped",
                metadata: ["meter": "\(meter)", "publisher": "\(name)"])
        }
        return nil
    }

    private func policy(of entry: GnocchiBatch.Entry) -> String {
        policy ?? entry.metric.archivePolicy ?? definitions.defaultPolicy
    }

    /// Sees to it that the server has what these need.
    private func prepare(_ entries: [GnocchiBatch.Entry]) async throws {
        let wanted = Set(entries.map { policy(of: $0) })
        for policy in definitions.policies where wanted.contains(policy.name) && !readyPolicies.contains(policy.name) {
            try await client.require(policy)
            readyPolicies.insert(policy.name)
        }
        for entry in entries where !readyTypes.contains(entry.definition.type) {
            try await client.require(entry.definition)
            readyTypes.insert(entry.definition.type)
        }
    }

    /// - Parameter hopeless: resources that Gnocchi will never take, with its reasons; their samples are left out.
    private func post(_ batch: GnocchiBatch, _ hopeless: inout [String: String]) async throws -> HTTPAnswer {
        var tries = 0
        while true {
            tries += 1
            let entries = batch.entries.filter { hopeless[$0.key] == nil }
            if entries.isEmpty { return HTTPAnswer(status: 202, body: []) }
            let answer = try await client.post(GnocchiBatch(entries: entries).measures { policy(of: $0) })
            let unknown = Set(answer.unknownResources)
            guard !answer.isGood, !unknown.isEmpty, tries < Self.mostTries else {
                return try judged(answer)
            }
            for entry in GnocchiBatch(entries: entries).newest where unknown.contains(entry.resourceID) {
                if let reason = try await create(entry) { hopeless[entry.key] = reason }
            }
        }
    }

    /// The answer to a batch; where the server has lost what it had, as after another database, all is looked at again.
    private func judged(_ answer: GnocchiAnswer) throws -> HTTPAnswer {
        // Gnocchi answers measures with 202; another 2xx is of something else in its place.
        if answer.isGood, answer.http.status == 202 { return answer.http }
        if answer.http.storeMeaning == .taken { throw answer.postponement("send measures") }
        if answer.words.contains("Archive policy") || answer.http.status == 404 {
            readyPolicies = []
            readyTypes = []
            seen.forgetAll()
            throw answer.postponement("send measures")
        }
        var http = answer.http
        if http.storeMeaning == .later || http.storeMeaning == .unauthorized {
            throw answer.postponement("send measures")
        }
        http.reason = answer.words
        return http
    }

    /// - Returns: why the resource will never be taken; nil where it is there.
    private func create(_ entry: GnocchiBatch.Entry) async throws -> String? {
        let answer = try await client.create(entry.definition.type, entry.body(isNew: true))
        if answer.isGood {
            seen.note(entry.attributesHash, of: entry.key)
            return nil
        }
        switch answer.http.status {
        case 409: return nil  // another agent was first
        case 404:
            readyTypes.remove(entry.definition.type)
            throw answer.postponement("make a resource of type \(entry.definition.type)")
        default:
            if answer.http.storeMeaning == .refused { return answer.words }
            throw answer.postponement("make a resource of type \(entry.definition.type)")
        }
    }

    /// Tells Gnocchi of a resource what it doesn't know yet.
    private func tell(_ entry: GnocchiBatch.Entry) async throws {
        let hash = entry.attributesHash
        if seen.hash(of: entry.key) == hash { return }
        let answer = try await client.update(entry.definition.type, entry.resourceID, entry.body(isNew: false))
        guard answer.isGood || answer.http.storeMeaning == .refused || answer.http.status == 404 else {
            throw answer.postponement("update a resource of type \(entry.definition.type)")
        }
        if !answer.isGood {
            // Its measures are taken all the same; a resource of another type may bear the name.
            log.warning(
                "Gnocchi refuses a resource's attributes",
                metadata: ["resource": "\(entry.key)", "publisher": "\(name)", "reason": "\(answer.words)"])
        }
        seen.note(hash, of: entry.key)
    }
}
