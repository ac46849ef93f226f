// SPDX-License-Identifier: Apache-2.0

/// The hosts of a bus, tried in turn.
struct BrokerList: Sendable {
    private let hosts: [BusURL.Host]
    private let virtualHost: String
    private let options: BusOptions
    /// The one that did well last, or the one after it that is next.
    private var next = 0

    init(_ url: BusURL, _ options: BusOptions) {
        hosts = options.failover == .shuffle ? url.hosts.shuffled() : url.hosts
        virtualHost = url.virtualHost
        self.options = options
    }

    /// Connects to the first that takes us, each tried once.
    mutating func connect() throws(BusError) -> BrokerConnection {
        var errors: [BusError] = []
        for _ in hosts {
            do throws(BusError) {
                return try BrokerConnection(to: hosts[next], virtualHost, options)
            } catch {
                errors.append(error)
                next = (next + 1) % hosts.count
            }
        }
        var error = errors[0]
        if errors.count > 1 {
            error.message += errors.dropFirst().map { "; nor \($0.action): \($0.message)" }.joined()
        }
        throw error
    }

    /// Its connection broke: another one is tried first.
    mutating func passOn() { next = (next + 1) % hosts.count }
}
