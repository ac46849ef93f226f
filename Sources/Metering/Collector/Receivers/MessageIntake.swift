// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Wire

/// Takes metering messages of receivers that answer nothing: MessagePack maps, one sample each. What can't be stored for
/// now is kept and tried again; what is refused is counted and told in the log.
struct MessageIntake: Sendable {
    /// Between two tries to store.
    private static let pause = Duration.seconds(1)

    let receiver: CollectorCounters.Receiver
    let admission: Admission
    let counters: CollectorCounters
    let complaints: Complaints

    /// Returns when all that is taken of these messages is on the disk, or when the store is closed or the task is
    /// cancelled.
    ///
    /// - Parameter sender: for the log.
    func take(_ messages: [[UInt8]], from sender: String) async {
        let window = admission.window()
        var reading = Reading()
        for (index, message) in messages.enumerated() {
            do throws(Refusal) {
                reading.arrivals.append(try admission.arrival(decode(message, index), index: index, window))
            } catch {
                complaints.note(error.reason, error.detail, from: sender)
                reading.refusals.append(error)
            }
        }
        let receipt = await stored(reading.arrivals)
        if receipt == nil {
            // The collector ends, and nobody is left to send it again.
            for _ in reading.arrivals { counters[receiver].count(refused: .overload) }
            complaints.note(.overload, "the collector ended before they were stored", from: "")
        }
        count(reading, receipt ?? SampleStore.Receipt())
    }

    func count(_ reading: Reading, _ receipt: SampleStore.Receipt) { counters[receiver].count(reading, receipt) }

    /// A sample that is counted with its reading.
    func tell(_ refusal: Refusal, from sender: String) { complaints.note(refusal.reason, refusal.detail, from: sender) }

    /// A message that can't even be read to its end.
    func refuse(_ reason: Refusal.Reason, _ detail: String, from sender: String) {
        counters[receiver].count(refused: reason)
        complaints.note(reason, detail, from: sender)
    }

    private func decode(_ message: [UInt8], _ index: Int) throws(Refusal) -> WireValue {
        do throws(WireError) {
            return try WireValue(messagePack: message, within: WireLimits(bytes: message.count))
        } catch {
            throw Refusal(index, .malformed, "\(error)")
        }
    }

    /// What became of them once they are on the disk; nil where the store is closed or the task cancelled before.
    func stored(_ arrivals: [Arrival]) async -> SampleStore.Receipt? {
        var isFirst = true
        while true {
            do throws(StoreError) {
                return try await admission.store.append(arrivals)
            } catch {
                if isFirst { counters[receiver].countPostponed() }
                isFirst = false
                guard (try? await Task.sleep(for: Self.pause)) != nil else { return nil }
            }
        }
    }
}
