// SPDX-License-Identifier: Apache-2.0

/// How long to wait between tries to connect: longer each time, and a random half of it, so that a fleet does not come
/// back to a broker all at once.
struct ReconnectPause: Sendable {
    private let options: BusOptions
    private var failures = 0

    init(_ options: BusOptions) { self.options = options }

    mutating func reset() { failures = 0 }

    mutating func next() -> Duration {
        let seconds = options.retryInterval + min(failures, 1000) * options.retryBackoff
        failures += 1
        return .seconds(Double(min(seconds, options.mostRetryInterval)) * .random(in: 0.5...1))
    }
}
