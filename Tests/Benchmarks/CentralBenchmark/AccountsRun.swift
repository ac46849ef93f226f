// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport

/// How long it takes to ask an object store for the accounts of many projects.
struct AccountsRun {
    private let benchmark: CentralBenchmark

    init(_ benchmark: CentralBenchmark) { self.benchmark = benchmark }

    /// When the store was first asked in a cycle, and when it last answered; by the store's own clock.
    private struct Times {
        var answered = 0
        var first: ContinuousClock.Instant?
        /// Milliseconds, once all are answered.
        var elapsed: Double?
    }

    /// - Returns: milliseconds of each cycle, from the first request's arrival to the last answer.
    func measure() throws -> [Double] {
        let times = Mutex(Times())
        let count = benchmark.projects
        let latency = UInt32(benchmark.latency * 1000)
        let list = (0..<count).map { #"{"id": "\#(Self.id($0))", "name": "p\#($0)", "enabled": true}"# }
        let projects = #"{"projects": [\#(list.joined(separator: ", "))], "links": {"next": null}}"#
        let cloud = try StubCloud(services: ["identity": "/v3", "object-store": "/v1/AUTH_x"]) { request in
            guard request.path.hasPrefix("/v1/") else { return .init(200, body: projects) }
            times.withLock { $0.first = $0.first ?? .now }
            usleep(latency)
            times.withLock { times in
                times.answered += 1
                guard times.answered == count, let first = times.first else { return }
                times.elapsed = first.duration(to: .now) / .milliseconds(1)
            }
            return .init(
                204,
                headers: [
                    "X-Account-Object-Count": "3", "X-Account-Bytes-Used": "1024", "X-Account-Container-Count": "1",
                ])
        }
        let agent = try AgentAtWork(benchmark, cloud, meters: "storage.objects", every: 2)
        var elapsed: [Double] = []
        for _ in 0..<benchmark.cycles {
            try agent.wait(atMost: 60) { times.withLock { $0.elapsed != nil } }
            times.withLock { times in
                elapsed.append(times.elapsed ?? .infinity)
                times = Times()
            }
        }
        return elapsed
    }

    private static func id(_ number: Int) -> String { "e0d3e63270384dc89218215b" + String(format: "%08x", number) }
}
