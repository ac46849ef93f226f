// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// More domains than any host has.
    @Suite struct Crowd {
        /// What each of two domains has, with one disk and with two, everybody has.
        @Test(.timeLimit(.minutes(10))) func aThousandDomains() async throws {
            let few = try await expected(of: 2)
            let node = try NodeFile(instances: 1000)
            let watch = try Watch(node.uri, every: 20, beside: 15)
            // Rates come with the second cycle.
            try await watch.wait { watch.sources.allSatisfy { ($0.ledger.cycles.keys.max() ?? 0) >= 4 } }
            watch.expect(
                few.map { keys in Set((1...1000).flatMap { index in keys.compactMap { $0.moved(to: index) } }) })
            let loss = try await watch.loss(from: [1, 1], start: watch.began, end: Date(), logged: 0)
            try FaultReport.add(8, "1,000 domains (test driver)", mayMiss: "nothing", loss)
            #expect(loss.words == Loss.nothing, "\(loss.details)")
            #expect(loss.log.count == 0, "\(loss.details)")
            #expect(watch.agent.end().status == 0)
        }

        private func expected(of count: Int) async throws -> [Set<Ledger.Key>] {
            let node = try NodeFile(instances: count)
            let watch = try Watch(node.uri)
            try await watch.learn(Set((1...count).map(HypervisorLab.uuid)))
            return watch.sources.map(\.expected)
        }
    }
}

extension Ledger.Key {
    /// The same sample of another domain with as many disks; nil where this isn't one of domain 1 or 2, the patterns
    /// for odd and even numbers.
    fileprivate func moved(to number: Int) -> Ledger.Key? {
        let pattern = 2 - number % 2
        guard domain == HypervisorLab.uuid(pattern) else { return nil }
        var key = self
        key.resource = resource.replacing(domain, with: HypervisorLab.uuid(number))
            .replacing(HypervisorLab.name(pattern), with: HypervisorLab.name(number))
        if key.resource.hasSuffix("-tap\(pattern)") { key.resource = key.resource.dropLast(1) + "\(number)" }
        return key
    }
}
