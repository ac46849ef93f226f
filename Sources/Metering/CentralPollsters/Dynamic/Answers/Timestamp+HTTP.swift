// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Telemetry

extension Timestamp {
    /// `Tue, 27 Mar 2007 19:36:42 GMT`, whatever the language of this host is.
    var httpDate: String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = parts
        return "\(days[Int(time.tm_wday)]), \(padded(time.tm_mday)) \(months[Int(time.tm_mon)]) "
            + "\(time.tm_year + 1900) \(padded(time.tm_hour)):\(padded(time.tm_min)):\(padded(time.tm_sec)) GMT"
    }

    /// `20130524T000000Z`
    var compact: String {
        let time = parts
        return "\(time.tm_year + 1900)\(padded(time.tm_mon + 1))\(padded(time.tm_mday))T"
            + "\(padded(time.tm_hour))\(padded(time.tm_min))\(padded(time.tm_sec))Z"
    }

    private var parts: tm {
        var (seconds, parts) = (time_t(microseconds / 1_000_000), tm())
        gmtime_r(&seconds, &parts)
        return parts
    }

    private func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
