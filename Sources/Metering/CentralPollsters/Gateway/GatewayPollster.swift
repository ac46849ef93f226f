// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import OpenStack
internal import Telemetry

/// What each project has in Ceph's object gateway: its buckets, or the requests that the gateway has counted; one
/// request for each project.
struct GatewayPollster: Pollster {
    /// What is asked for.
    enum Subject {
        case buckets, usage

        var meters: [Meter] {
            switch self {
            case .buckets: GatewayPollster.ofUser.map(\.meter) + GatewayPollster.ofBucket.map(\.meter)
            case .usage: [GatewayPollster.requests]
            }
        }
    }

    private static let ofUser: [(meter: Meter, value: @Sendable ([Bucket]) -> Int64)] = [
        (Meter("radosgw.objects", .gauge, unit: "object"), { $0.map(\.objects).reduce(0, +) }),
        (Meter("radosgw.objects.size", .gauge, unit: "B"), { $0.map(\.bytes).reduce(0, +) }),
        (Meter("radosgw.objects.containers", .gauge, unit: "object"), { Int64($0.count) }),
    ]
    private static let ofBucket: [(meter: Meter, value: @Sendable (Bucket) -> Int64)] = [
        (Meter("radosgw.containers.objects", .gauge, unit: "object"), { $0.objects }),
        (Meter("radosgw.containers.objects.size", .gauge, unit: "B"), { $0.bytes }),
    ]
    private static let requests = Meter("radosgw.api.request", .gauge, unit: "request")

    let cloud: CloudReader
    /// nil where none is configured.
    let gateway: RadosGateway?
    let subject: Subject

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        guard let gateway, let session = cloud.session, let address = try await gateway.address(by: cycle.deadline)
        else { return [] }
        let outcomes = await resources.each(
            atMost: session.credentials.concurrency, until: { $0.failure.map(RadosGateway.isInVain) == true }
        ) { project -> AccountOutcome in
            do {
                let samples =
                    switch subject {
                    case .buckets: try await buckets(of: project, gateway, address, meters, cycle)
                    case .usage: try await usage(of: project, gateway, address, cycle)
                    }
                return samples.map { .read($0) } ?? .absent
            } catch {
                return .failed(error)
            }
        }
        let what = subject == .buckets ? "buckets" : "usage"
        return try AccountOutcome.samples(outcomes, of: "\(what) of the object gateway", telling: cloud.faults)
    }

    /// nil where the gateway doesn't know the project's user.
    private func buckets(
        of project: Resource, _ gateway: RadosGateway, _ address: String, _ meters: Set<String>, _ cycle: PollingCycle
    ) async throws -> [Sample]? {
        let answer = try await gateway.answer(
            "bucket", of: project.id, options: "&stats=true", at: address, by: cycle.deadline)
        guard let answer else { return nil }
        let buckets = try WireValue.object([.init("buckets", answer)]).list("buckets", Bucket.init)
        let user = Resource(id: project.id, projectID: project.id)
        let sums = Self.ofUser.filter { meters.contains($0.meter.name) }
            .map { Sample($0.meter, .integer($0.value(buckets)), of: user, in: cycle, readAt: .now) }
        return sums
            + buckets.flatMap { bucket in
                let resource = Resource(id: "\(project.id)/\(bucket.name)", projectID: project.id)
                return Self.ofBucket.filter { meters.contains($0.meter.name) }
                    .map { Sample($0.meter, .integer($0.value(bucket)), of: resource, in: cycle, readAt: .now) }
            }
    }

    private func usage(
        of project: Resource, _ gateway: RadosGateway, _ address: String, _ cycle: PollingCycle
    ) async throws -> [Sample]? {
        let answer = try await gateway.answer("usage", of: project.id, at: address, by: cycle.deadline)
        guard let answer else { return nil }
        let counts = try answer.list("summary") { user throws(WireError) in
            try user["total"].map { total throws(WireError) in Int64(try total.integer("ops")) } ?? 0
        }
        let resource = Resource(id: project.id, projectID: project.id)
        return [Sample(Self.requests, .integer(counts.reduce(0, +)), of: resource, in: cycle, readAt: .now)]
    }
}

/// A bucket as the gateway tells of it: the sums over its categories, such as `rgw.main`; one that was never used has
/// none.
private struct Bucket {
    var name: String
    var objects: Int64 = 0
    var bytes: Int64 = 0

    init(_ bucket: WireValue) throws(WireError) {
        name = try bucket.text("bucket")
        guard case .object(let categories)? = bucket["usage"] else { return }
        for category in categories {
            objects += Int64(try category.value.integer("num_objects"))
            bytes += Int64(try category.value.integer("size_kb")) * 1024
        }
    }
}
