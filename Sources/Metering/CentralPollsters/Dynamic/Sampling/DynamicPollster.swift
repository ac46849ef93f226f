// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Expressions
internal import Logging
internal import Settings
internal import Synchronization
internal import Telemetry

/// Polls by definitions of one request: page by page, so that a list of any length is never held whole.
final class DynamicPollster: StreamingPollster {
    /// A list of a million in pages of ten.
    private static let mostPages = 100_000
    /// Delivered at a time.
    private static let mostSamples = 500

    private let definitions: [DynamicDefinition]
    private let request: DynamicDefinition.Request
    private let sources: AnswerSources
    private let extra: ExtraMetadata
    private let faults: FaultLog
    private let log: Logger
    /// What the log has said of already.
    private let unmapped = Mutex<Set<String>>([])

    /// - Parameter definitions: at least one; their requests are equal.
    init(_ definitions: [DynamicDefinition], sources: AnswerSources, log: Logger) {
        self.definitions = definitions
        request = definitions[0].request
        self.sources = sources
        self.log = log
        extra = ExtraMetadata(sources)
        faults = FaultLog(log: log)
    }

    func poll(
        _ resources: [Resource], meters: Set<String>, in cycle: PollingCycle,
        deliver: @Sendable ([Sample]) async throws -> Void
    ) async throws {
        let wanted = definitions.filter { meters.contains($0.name) }
        var flaws = DynamicDefinition.Flaws()
        var failures: [any Error] = []
        // A service may have several endpoints; other APIs and commands have none, whatever resources a source names.
        let isOfService = if case .openStack = request.origin { true } else { false }
        let endpoints = isOfService ? resources.map { Optional($0.id) } : [nil]
        for endpoint in endpoints {
            do {
                try await pollPages(endpoint, wanted, cycle, deliver, &flaws)
            } catch {
                failures.append(error)
            }
        }
        tell(flaws)
        if let failure = failures.first { throw failure }
    }

    private func pollPages(
        _ endpoint: String?, _ wanted: [DynamicDefinition], _ cycle: PollingCycle,
        _ deliver: @Sendable ([Sample]) async throws -> Void, _ flaws: inout DynamicDefinition.Flaws
    ) async throws {
        var target = try request.target.value()
        var seen: Set<String> = []
        while true {
            guard seen.insert(target).inserted, seen.count <= Self.mostPages else {
                throw AnswerError("the next page is one that was read already: \(target.shortened(to: 200))")
            }
            let next = try await pollPage(target, endpoint, wanted, cycle, deliver, &flaws)
            guard let next else { return }
            try Task.checkCancellation()
            target = next
        }
    }

    /// - Returns: where the next page is; nil after the last.
    private func pollPage(
        _ target: String, _ endpoint: String?, _ wanted: [DynamicDefinition], _ cycle: PollingCycle,
        _ deliver: @Sendable ([Sample]) async throws -> Void, _ flaws: inout DynamicDefinition.Flaws
    ) async throws -> String? {
        guard var page = try await page(target, endpoint, cycle) else { return nil }
        var samples: [Sample] = []
        // Each entry goes as its samples come.
        page.entries.reverse()
        while let entry = page.entries.popLast() {
            for definition in wanted {
                for reading in definition.readings(of: entry, &flaws) {
                    var fields: [ExpressionValue.Entry] = []
                    if definition.extra != nil {
                        let more = await extra.fields(for: reading, of: definition, by: cycle.deadline)
                        fields = more.fields
                        flaws.add(more.flaws)
                    }
                    if let sample = definition.sample(reading, with: fields, in: cycle, &flaws) {
                        samples.append(sample)
                    }
                }
            }
            if samples.count >= Self.mostSamples {
                try await deliver(samples)
                samples = []
            }
        }
        if !samples.isEmpty { try await deliver(samples) }
        return try page.next.get()
    }

    /// What is on a page, and where the next one is, if that can be told; nil where there is nothing.
    private func page(
        _ target: String, _ endpoint: String?, _ cycle: PollingCycle
    ) async throws -> (entries: [ExpressionValue], next: Result<String?, any Error>)? {
        let bytes = try await sources.answer(to: request, target, endpoint: endpoint, by: cycle.deadline)
        guard !bytes.isEmpty else { return nil }
        let answer = try ResponseHandler.value(of: bytes, by: request.handlers)
        let next = Result { try self.next(after: answer) }
        return (try definitions[0].entries(of: answer), next)
    }

    private func next(after answer: ExpressionValue) throws -> String? {
        guard let next = try request.nextPage?.present(in: answer, names: [:]) else { return nil }
        guard case .string(let text) = next else {
            throw AnswerError("next_sample_url_attribute gives no text: \(next.pythonText.shortened())")
        }
        return text
    }

    private func tell(_ flaws: DynamicDefinition.Flaws) {
        let name = definitions[0].name
        let words = flaws.counts.sorted { $0.key < $1.key }.prefix(5).map { "\($0.value) times \($0.key)" }
        faults.note(
            "pollster \(name) on some entries",
            words.isEmpty ? nil : AnswerError("left out: " + words.joined(separator: "; ")))
        let fresh = unmapped.withLock { known in
            let fresh = known.count < 1000 ? flaws.unmapped.subtracting(known) : []
            known.formUnion(fresh)
            return fresh
        }
        for value in fresh.sorted() {
            log.warning(
                "a value has no mapping; the default stands for it",
                metadata: ["pollster": "\(name)", "value": "\(value)"])
        }
    }
}
