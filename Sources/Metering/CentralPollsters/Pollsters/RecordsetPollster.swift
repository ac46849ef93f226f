// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import JSONText
internal import OpenStack
internal import Telemetry

/// How many record sets each DNS zone has: Designate tells that zone by zone.
struct RecordsetPollster: Pollster {
    static let meter = Meter("dns.zone.recordsets", .gauge, unit: "recordset")
    private static let fields = [
        "name", "email", "ttl", "description", "type", "status", "action", "serial", "pool_id",
    ]

    let cloud: CloudReader

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        guard let session = cloud.session, !resources.isEmpty else { return [] }
        let results = await resources.each(atMost: session.credentials.concurrency, until: Self.isInVain) { zone in
            await Self.sample(of: zone, session, cycle)
        }
        let samples = results.compactMap { try? $0.get() }
        let failure = results.lazy.compactMap { result -> (any Error)? in
            guard case .failure(let error) = result, !(error is CancellationError) else { return nil }
            return error
        }.first
        if let failure, samples.isEmpty { throw failure }
        if !Task.isCancelled { cloud.faults.note("record sets of DNS zones", failure) }
        return samples
    }

    private static func isInVain(_ result: Result<Sample, any Error>) -> Bool {
        guard case .failure(let error as CloudError) = result else { return false }
        return [.unreachable, .timedOut, .loginRefused].contains(error.kind)
    }

    private static func sample(
        of zone: Resource, _ session: CloudSession, _ cycle: PollingCycle
    ) async -> Result<Sample, any Error> {
        do {
            var request = ServiceRequest(
                "dns", "v2/zones/\(zone.id.percentEncoded)/recordsets", query: ["limit": "1"],
                deadline: cycle.deadline)
            request.headers["X-Auth-All-Projects"] = "True"
            let answer = try await session.answer(to: request).json()
            let count: Int
            if let total = answer["metadata"] {
                count = try total.integer("total_count")
            } else {
                request.query = []
                count = try await session.pages(of: request, key: "recordsets").all().count
            }
            let shown = Resource(
                id: zone.id, projectID: zone.projectID, userID: zone.userID,
                metadata: Metadata(uniqueKeysWithValues: fields.map { ($0, zone.metadata[$0] ?? .null) }))
            return .success(Sample(meter, .integer(Int64(count)), of: shown, in: cycle, readAt: .now))
        } catch {
            return .failure(error)
        }
    }
}
