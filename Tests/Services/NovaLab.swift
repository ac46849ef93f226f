// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import Telemetry
import TestSupport

/// The lab's Nova, for tests that other ones may have stopped the broker before.
enum NovaLab {
    /// Starts Nova anew, as its services take minutes to get over a broker that was away, and waits until each of its
    /// hosts is there.
    static func restart() async throws {
        try await ServicesLab.shared.down("nova")
        let since = Timestamp.now
        try await ServicesLab.shared.up("nova")
        try await waitForHosts(since: since)
        try await ServicesLab.shared.seed("nova")
    }

    /// Until all hosts have reported after a time, and listen to the bus.
    ///
    /// Nova calls hosts up for 20 s after their last word, also where they have ended since, and one that reports again
    /// may be about to listen: what they are told before that is lost, and a model that is built while one is down has
    /// it so, which no notification takes back.
    static func waitForHosts(since: Timestamp) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        var last = ""
        while ContinuousClock.now < deadline {
            last = try await ServicesLab.shared.api("GET", "nova", "/v2.1/os-services?binary=nova-compute")
            let services = try JSONValue(parsing: last)["services"]?.array ?? []
            let heard = services.filter {
                $0["state"]?.string == "up" && $0["updated_at"]?.string ?? "" > since.description
            }
            if !heard.isEmpty, heard.count == services.count {
                let listeners = try await Rabbit.consumers()
                if heard.allSatisfy({ listeners["compute.\($0["host"]?.string ?? "")", default: 0] > 0 }) { return }
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw ShellError(command: "wait for nova's hosts", reason: last)
    }
}
