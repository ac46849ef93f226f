// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

/// A polling cycle on its way to a plug-in. Its deadline travels as the seconds that are left.
package enum CycleMessage {
    package static func value(_ cycle: PollingCycle) -> WireValue {
        .object([
            "number": .integer(Int128(cycle.number)), "timestamp": .string(cycle.timestamp.description),
            "seconds_left": .real(max(0, cycle.deadline.seconds(since: .now))),
            "meters": .texts(cycle.meters.sorted()), "source": .string(cycle.sampleSource),
        ])
    }

    package static func cycle(_ parameters: WireValue) throws(WireError) -> PollingCycle {
        do throws(WireError) {
            guard let value = parameters["cycle"] else {
                throw WireError("", found: "nothing", allowed: "an object")
            }
            let left = try value.number("seconds_left")
            guard let timestamp = try value.timestamp("timestamp"), (0...1e9).contains(left) else {
                throw WireError("", found: value.shown, allowed: "a timestamp, and seconds_left from 0 to 1e9")
            }
            return PollingCycle(
                number: UInt64(clamping: try value.integer("number")), timestamp: timestamp,
                deadline: .now + .seconds(left), meters: Set(try value.texts("meters")),
                sampleSource: try value.text("source"))
        } catch {
            throw error.inside("cycle")
        }
    }
}
