// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Logging
internal import OpenStack
internal import Synchronization
internal import Telemetry

/// What discoveries and pollsters share of a cloud: the session, and what was said of it already.
final class CloudReader: Sendable {
    /// nil where no cloud is configured.
    let session: CloudSession?
    let faults: FaultLog
    private let isService: Bool
    private let log: Logger
    private let absent = Mutex<Set<String>>([])
    private let saysNothingIsThere: Mutex<Bool>

    /// - Parameter isService: whether there is a log that somebody reads later.
    init(session: CloudSession?, isService: Bool, log: Logger) {
        self.session = session
        saysNothingIsThere = Mutex(session == nil && isService)
        self.isService = isService
        self.log = log
        faults = FaultLog(log: log)
    }

    /// The session; nil where no cloud is configured, which is said once.
    var login: CloudSession? {
        let isNews = saysNothingIsThere.withLock { says in
            defer { says = false }
            return says
        }
        if isNews { log.notice("no cloud is configured: its services are not polled; see [service_credentials]") }
        return session
    }

    /// Where a service is; nil where the cloud has none such, which is no failure: few clouds have all services.
    func endpoint(of service: String, by deadline: MonotonicTime) async throws -> String? {
        guard let session = login else { return nil }
        return told(try await session.endpoint(of: service, by: deadline), of: service)
    }

    /// The same for a service of that name in the catalog.
    ///
    /// - Parameter type: it has to have; nil for any.
    func endpoint(named name: String, of type: String?, by deadline: MonotonicTime) async throws -> String? {
        guard let session = login else { return nil }
        let endpoint = try await session.endpoint(named: name, of: type, by: deadline)
        return told(endpoint, of: "named \(name)" + (type.map { " of the type \($0)" } ?? ""))
    }

    private func told(_ endpoint: String?, of service: String) -> String? {
        let isNews = absent.withLock { absent in
            if endpoint == nil { return absent.insert(service).inserted }
            absent.remove(service)
            return false
        }
        if isNews {
            log.log(
                level: isService ? .info : .debug, "the cloud has no service \(service): its meters have no samples")
        }
        return endpoint
    }
}

extension Sequence where Element: Sendable {
    /// What `body` makes of each, a few at a time, until one answer makes the rest vain.
    func each<Outcome: Sendable>(
        atMost limit: Int, until isEnough: (Outcome) -> Bool, _ body: @escaping @Sendable (Element) async -> Outcome
    ) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { group in
            var outcomes: [Outcome] = []
            var running = 0
            for element in self {
                if running == limit, let outcome = await group.next() {
                    running -= 1
                    outcomes.append(outcome)
                    if isEnough(outcome) { break }
                }
                running += 1
                group.addTask { await body(element) }
            }
            if let last = outcomes.last, isEnough(last) { group.cancelAll() }
            for await outcome in group {
                outcomes.append(outcome)
                if isEnough(outcome) { group.cancelAll() }
            }
            return outcomes
        }
    }
}
