// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import OpenStack
internal import Telemetry

/// What each project has in the object store: one request for each project's account, and the list of its containers
/// where their meters are wanted.
struct SwiftPollster: Pollster {
    private static let ofAccount: [(meter: Meter, header: String)] = [
        (Meter("storage.objects", .gauge, unit: "object"), "x-account-object-count"),
        (Meter("storage.objects.size", .gauge, unit: "B"), "x-account-bytes-used"),
        (Meter("storage.objects.containers", .gauge, unit: "container"), "x-account-container-count"),
    ]
    private static let ofContainer: [(meter: Meter, field: String)] = [
        (Meter("storage.containers.objects", .gauge, unit: "object"), "count"),
        (Meter("storage.containers.objects.size", .gauge, unit: "B"), "bytes"),
    ]
    static let meters = ofAccount.map(\.meter) + ofContainer.map(\.meter)

    let cloud: CloudReader
    let resellerPrefix: String

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        guard let session = cloud.session,
            let endpoint = try await cloud.endpoint(of: "object-store", by: cycle.deadline)
        else {
            return []
        }
        // The catalog's address has the account of whoever is logged in.
        let root = endpoint.firstRange(of: "/v1").map { String(endpoint[..<$0.lowerBound]) } ?? endpoint
        let outcomes = await resources.each(atMost: session.credentials.concurrency, until: Self.isInVain) { project in
            let account = "\(root)/v1/\((resellerPrefix + project.id).percentEncoded)"
            return await outcome(of: project, account, session, meters, cycle)
        }
        return try AccountOutcome.samples(outcomes, of: "accounts of the object store", telling: cloud.faults)
    }

    /// Whether it would be the same with all other projects.
    private static func isInVain(_ outcome: AccountOutcome) -> Bool {
        guard let error = outcome.failure else { return false }
        switch (error as? CloudError)?.kind {
        case .unreachable?, .noSuchService?, .noSuchEndpoint?, .loginRefused?, .timedOut?: return true
        default: return error is CancellationError
        }
    }

    private func outcome(
        of project: Resource, _ account: String, _ session: CloudSession, _ meters: Set<String>, _ cycle: PollingCycle
    ) async -> AccountOutcome {
        do {
            var samples: [Sample] = []
            if Self.ofAccount.contains(where: { meters.contains($0.meter.name) }) {
                samples += try await accountSamples(project, account, session, meters, cycle)
            }
            if Self.ofContainer.contains(where: { meters.contains($0.meter.name) }) {
                samples += try await containerSamples(project, account, session, meters, cycle)
            }
            return .read(samples)
        } catch let error as CloudError where error.status == 404 {
            return .absent
        } catch let error as CloudError where error.status == 403 {
            return .refused(project.id, error)
        } catch {
            return .failed(error)
        }
    }

    private func accountSamples(
        _ project: Resource, _ account: String, _ session: CloudSession, _ meters: Set<String>, _ cycle: PollingCycle
    ) async throws -> [Sample] {
        let answer = try await session.answer(
            to: ServiceRequest("object-store", .head, account, deadline: cycle.deadline))
        let resource = Resource(id: project.id, projectID: project.id)
        return Self.ofAccount.compactMap { meter, header in
            guard meters.contains(meter.name), let value = answer.header(header).flatMap({ Int64($0) }) else {
                return nil
            }
            return Sample(meter, .integer(value), of: resource, in: cycle, readAt: .now)
        }
    }

    private func containerSamples(
        _ project: Resource, _ account: String, _ session: CloudSession, _ meters: Set<String>, _ cycle: PollingCycle
    ) async throws -> [Sample] {
        let request = ServiceRequest(
            "object-store", account, query: ["format": "json"], deadline: cycle.deadline)
        var samples: [Sample] = []
        for try await page in session.pages(of: request, key: nil, following: .marker("name")) {
            for container in page {
                let resource = Resource(
                    id: "\(project.id)/\(try container.text("name"))", projectID: project.id,
                    metadata: ["storage_policy": .init(try container.optionalText("storage_policy"))])
                for (meter, field) in Self.ofContainer where meters.contains(meter.name) {
                    samples.append(
                        Sample(meter, try container.volume(field), of: resource, in: cycle, readAt: .now))
                }
            }
        }
        return samples
    }
}
