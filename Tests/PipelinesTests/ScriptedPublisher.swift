// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Telemetry

/// A receiver that refuses as many batches as it is told to and keeps the rest, or holds a batch until it is let go.
actor ScriptedPublisher: Publisher {
    struct Refusal: Error {}

    private var refusals: Int
    private var isOpen: Bool
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var callers: [CheckedContinuation<Void, Never>] = []
    private(set) var samples: [Sample] = []
    /// The meters of each batch.
    private(set) var batches: [[String]] = []
    private(set) var attempts = 0

    /// - Parameter isOpen: false holds each batch until ``open()``.
    init(refusals: Int = 0, isOpen: Bool = true) {
        self.refusals = refusals
        self.isOpen = isOpen
    }

    func publish(_ samples: [Sample]) async throws {
        attempts += 1
        for caller in callers { caller.resume() }
        callers = []
        if !isOpen { await withCheckedContinuation { waiters.append($0) } }
        if refusals > 0 {
            refusals -= 1
            throw Refusal()
        }
        self.samples += samples
        batches.append(samples.map(\.name))
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Returns once a batch has come.
    func hasBeenAsked() async {
        if attempts == 0 { await withCheckedContinuation { callers.append($0) } }
    }
}

extension Sample {
    /// A sample of a meter; the volume is 1 unless said.
    static func of(_ meter: String, _ volume: Volume = 1, resource: String = "vm-1") -> Sample {
        Sample(
            Meter(meter, .gauge, unit: ""), volume, of: Resource(id: resource),
            in: PollingCycle(number: 1, deadline: .now, meters: []))
    }
}

extension [PublisherRegistration] {
    /// `test://name` leads to the publisher of that name.
    static func scripted(_ publishers: [String: ScriptedPublisher]) -> [PublisherRegistration] {
        [
            PublisherRegistration(scheme: "test", options: ["x"]) { url throws(Mistake) in
                guard let publisher = publishers[url.location] else {
                    throw Mistake(
                        url.place, "publisher \(url.shown)", found: "no such test", allowed: "one of the test's")
                }
                return publisher
            }
        ]
    }
}
