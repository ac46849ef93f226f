// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import Telemetry
internal import Wire

/// Reads samples from JSON texts: one object, or an array of them, in either of Ceilometer's two key sets.
///
/// Nine tenths of a series' text are the same from cycle to cycle. What is like a text that was read before is compared
/// with it, and only its readings are read; everything else is decoded. Both give the same.
final class JSONReader: Sendable {
    private let admission: Admission
    private let known = Mutex(KnownSamples())

    init(_ admission: Admission) { self.admission = admission }

    /// - Throws: where the text as a whole can't be taken for samples; nothing of it is taken then.
    func read(_ bytes: UnsafeRawBufferPointer, now: Timestamp? = nil) throws(JSONSkim.Failure) -> Reading {
        let window = admission.window(now: now)
        var skim = JSONSkim(bytes)
        var reading = Reading()
        var trail = KnownSamples.Trail()
        if skim.takes("[") {
            if !skim.takes("]") {
                repeat { try readSample(&skim, window, &reading, &trail) } while skim.takes(",")
                try skim.take("]")
            }
        } else {
            guard skim.peek() == UInt8(ascii: "{") else { throw skim.failure("an object or an array is missing") }
            try readSample(&skim, window, &reading, &trail)
        }
        guard skim.peek() == nil else { throw skim.failure("something follows the end") }
        return reading
    }

    private func readSample(
        _ skim: inout JSONSkim, _ window: Window, _ reading: inout Reading, _ trail: inout KnownSamples.Trail
    ) throws(JSONSkim.Failure) {
        let index = reading.count
        _ = skim.peek()
        let expected = known.withLock { [skim] in $0.expected(skim.bytes, at: skim.position, &trail) }
        if let expected {
            skim.position = expected.end
            reading.take(recognised: expected.arrival, window)
            return
        }
        let range = try skim.value()
        let outline = outline(skim.bytes, range)
        if let outline, let arrival = known.withLock({ $0.known(skim.bytes, outline, &trail) }) {
            reading.take(recognised: arrival, window)
            return
        }
        do throws(Refusal) {
            let arrival = try admission.arrival(decode(skim.bytes[range], index), index: index, window)
            if let outline { known.withLock { $0.learn(skim.bytes, outline, arrival, &trail) } }
            reading.arrivals.append(arrival)
        } catch {
            reading.refusals.append(error)
        }
    }

    /// nil where a sample has to be decoded each time: one whose signature is checked.
    private func outline(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> SampleOutline? {
        guard let outline = SampleOutline(bytes, range) else { return nil }
        return outline.isSigned && admission.signers.areNeeded ? nil : outline
    }

    private func decode(_ text: Slice<UnsafeRawBufferPointer>, _ index: Int) throws(Refusal) -> WireValue {
        do throws(WireError) {
            return try WireValue(json: Array(text), within: WireLimits(bytes: text.count))
        } catch {
            throw Refusal(index, .malformed, "\(error)")
        }
    }
}

extension Reading {
    /// How many samples were read, taken or not.
    fileprivate var count: Int { arrivals.count + refusals.count }

    fileprivate mutating func take(recognised arrival: Arrival, _ window: Window) {
        recognised += 1
        if let refusal = window.refusal(arrival.point.time, index: count) {
            refusals.append(refusal)
        } else {
            arrivals.append(arrival)
        }
    }
}
