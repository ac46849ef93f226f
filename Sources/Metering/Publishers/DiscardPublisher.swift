// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Telemetry

/// `discard://`: samples go nowhere, for measuring what everything before costs.
struct DiscardPublisher: Publisher {
    static let registration = PublisherRegistration(scheme: "discard", options: []) { _ in DiscardPublisher() }

    func publish(_ samples: [Sample]) {}
}
