// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import Telemetry

/// Samples that polling agents, ours or Ceilometer's, send over the bus: passed on as they are, with the ids that they
/// came with.
struct PolledSamples: NotificationPlugin {
    let eventTypes = ["telemetry.polling"]

    func process(_ notification: NotificationMessage) throws -> [Sample] {
        let payload = WireValue(notification.payload)
        return try payload.list("samples") { message throws(WireError) in try Sample(message) }
    }
}
