// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Synchronization
internal import Telemetry
internal import Wire

/// Decides whether a message is taken, and makes a point of a series of it.
struct Admission: Sendable {
    /// Whose signature is asked for, where a secret is set.
    enum Signed: Sendable {
        /// Every message's, as nothing else tells who sent it.
        case always
        /// Metering messages'. The keys of Ceilometer's HTTP publisher have no signature: a token tells who sent them.
        case whereMetering
    }

    let store: SampleStore
    let signers: SignersInForce
    let signed: Signed
    /// Seconds that a sender's clock may be ahead.
    let ahead: Int

    /// The times that are taken.
    ///
    /// - Parameter now: nil for the clock's.
    func window(now: Timestamp? = nil) -> Window {
        let reading = now.map { SteadyClock.Reading(earliest: $0, latest: $0) } ?? store.clock.reading()
        return Window(now: reading, ahead: ahead, age: store.limits.age)
    }

    func arrival(_ message: WireValue, index: Int, _ window: Window) throws(Refusal) -> Arrival {
        if signers.areNeeded, isSignatureNeeded(message), !signers.verifies(message) {
            throw Refusal(
                index, .signature,
                "message_signature is missing, or made over something else or with another secret; allowed: what a "
                    + "telemetry_secret of this collector gives. Check that the sender has one of them")
        }
        let sample: Sample
        do throws(WireError) {
            sample = try Sample(message)
        } catch {
            throw Refusal(index, .malformed, "\(error)")
        }
        if let refusal = window.refusal(sample.timestamp.microseconds, index: index) { throw refusal }
        return store.catalog.withLock { $0.arrival(sample) }
    }

    private func isSignatureNeeded(_ message: WireValue) -> Bool {
        switch signed {
        case .always: true
        case .whereMetering: message["counter_name"] != nil || message["message_signature"] != nil
        }
    }
}
