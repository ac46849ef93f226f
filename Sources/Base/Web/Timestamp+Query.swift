// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

extension Timestamp {
    /// As people write times in a query: a date and time, seconds since 1970, or seconds before now.
    init?(query text: String) {
        if let time = Timestamp(parsing: text.utf8) {
            self = time
        } else if let seconds = Double(text), abs(seconds) < 1e11 {
            let microseconds = Int64((seconds * 1e6).rounded())
            self.init(microseconds: text.hasPrefix("-") ? Timestamp.now.microseconds + microseconds : microseconds)
        } else {
            return nil
        }
    }
}
