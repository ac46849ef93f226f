// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Wire

extension Sample {
    /// Its line, without the line feed.
    var json: [UInt8] { JSONLines.of([self]).dropLast() }
}
