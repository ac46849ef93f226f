// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Daemon
internal import Logging
internal import Settings
internal import Telemetry

/// What an agent and its fleet service have told each other so far.
struct FleetSession {
    /// What was refused is tried again after this time: a plug-in may have been installed since.
    private static let secondLook = Duration.seconds(600)

    private struct Report: Hashable {
        var generation: Int
        var digest: String
        /// Why it was refused; nil where it was applied.
        var refusal: String?
    }

    private let service: FleetAgentService
    private let link: FleetLink
    private(set) var running: FetchedGeneration?
    private var token: String?
    private var refused: (digest: String, again: MonotonicTime)?
    private var report: Report?
    private var told: Report?

    init(service: FleetAgentService, link: FleetLink, running: FetchedGeneration?) {
        self.service = service
        self.link = link
        self.running = running
        report = running.map { Report(generation: $0.generation, digest: $0.digest) }
    }

    /// Tells that this host is there, and follows what is wanted of it.
    mutating func turn() async throws {
        let facts = await offPool { [mac = service.settings.mac] in HostFacts.read(knownBy: mac) }
        let token = try await ownToken(facts)
        do {
            let body: JSONObject = [
                "agent_checksum": .string(facts.checksum), "agent_version": .string(service.version),
                "meta": .object(facts.meta),
            ]
            _ = try await link.send("PUT", "/v1/nodes/agent", token: token, body: .object(body), accepted: [200])
            try await fetch(token)
            try await tell(token)
        } catch let error as FleetAgentError where error.status == 401 {
            // The node was deleted, or has got another token. The one that is kept stays: an operator may put it right.
            self.token = try await registered(facts, because: error)
        }
    }

    private mutating func ownToken(_ facts: HostFacts) async throws -> String {
        if let token { return token }
        let kept = try await offPool { [store = service.store] () throws(Mistake) in try store.token() }
        if let kept {
            token = kept
            return kept
        }
        let new = try await registered(facts, because: nil)
        token = new
        return new
    }

    private func registered(_ facts: HostFacts, because refusal: FleetAgentError?) async throws -> String {
        let path = service.settings.tokenFile
        let (bootstrap, key) = try await offPool { [store = service.store] () throws(Mistake) -> (String?, String) in
            guard TextFile.exists(path) || refusal == nil else { return (nil, "") }
            let words = try TextFile.read(path).split(whereSeparator: \.isNewline)
            return (words.first { !$0.hasPrefix("#") }.map { String($0.trimmed) }, try store.registrationKey())
        }
        guard let bootstrap else {
            throw refusal ?? FleetAgentError("\(path) has no token to register with")
        }
        guard let mac = facts.mac else {
            throw FleetAgentError("this host has no network interface to be known by; set [fleet_agent] mac")
        }
        let body: JSONObject = [
            "mac": .string(mac), "name": .string(HostName.current), "status": "discover",
            "agent_version": .string(service.version), "meta": .object(facts.meta),
        ]
        let answer = try await link.send(
            "POST", "/v1/nodes", token: bootstrap, headers: [("Idempotency-Key", key)], body: .object(body),
            accepted: [200, 201])
        guard let token = answer.body["token"]?.string, let id = answer.body["node"]?["id"]?.integer else {
            throw FleetAgentError("answered a registration without a token")
        }
        try await offPool { [store = service.store] () throws(Mistake) in try store.keep(token: token) }
        service.log.notice("registered with the fleet service", metadata: ["node": "\(id)"])
        return token
    }

    private mutating func fetch(_ token: String) async throws {
        let headers = running.map { [(name: "If-None-Match", value: "\"\($0.digest)\"")] } ?? []
        let answer = try await link.send(
            "GET", "/v1/nodes/agent/config", token: token, headers: headers, accepted: [200, 304, 404])
        switch answer.status {
        case 200: try await follow(try FetchedGeneration(answer.body))
        case 304:
            refused = nil
            // The same under another number.
            func number(_ name: String) -> Int? { answer.headers[name].flatMap { Int($0) } }
            guard var same = running, let cluster = number("hypsometer-cluster"),
                let generation = number("hypsometer-generation")
            else { return }
            (same.cluster, same.generation) = (cluster, generation)
            if same != running { try await keep(same) }
        default: break  // not deployed yet
        }
    }

    private mutating func follow(_ wanted: FetchedGeneration) async throws {
        if let refused, refused.digest == wanted.digest, refused.again > .now { return }
        if let mistakes = await service.apply(wanted) {
            let words = mistakes.description.replacing("\n", with: "; ").shortened(to: 2000)
            if refused?.digest != wanted.digest {
                service.log.error(
                    "\(wanted.name) of the fleet service is refused; \(running?.name ?? "what there was") stays in force",
                    metadata: ["why": "\(words)"])
            }
            refused = (wanted.digest, .now + Self.secondLook)
            report = Report(generation: wanted.generation, digest: wanted.digest, refusal: words)
            return
        }
        refused = nil
        service.log.notice("runs \(wanted.name)", metadata: ["before": "\(running?.name ?? "nothing of the fleet's")"])
        try await keep(wanted)
    }

    private mutating func keep(_ generation: FetchedGeneration) async throws {
        running = generation
        report = Report(generation: generation.generation, digest: generation.digest)
        try await offPool { [store = service.store] () throws(Mistake) in try store.keep(generation) }
    }

    private mutating func tell(_ token: String) async throws {
        guard let report, report != told else { return }
        var body: JSONObject = [
            "generation": .integer(report.generation), "digest": .string(report.digest),
            "outcome": .string(report.refusal == nil ? "applied" : "refused"),
        ]
        body["message"] = report.refusal.map { .string($0) }
        _ = try await link.send(
            "PUT", "/v1/nodes/agent/config", token: token, body: .object(body), accepted: [204])
        told = report
    }
}
