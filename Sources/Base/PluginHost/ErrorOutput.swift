// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Settings
internal import Telemetry

/// What a plug-in writes on standard error, as lines of our log: at most twenty at once and two a second; what is more
/// is counted and said.
struct ErrorOutput: Sendable {
    private static let burst = 20.0
    private static let perSecond = 2.0
    /// Bytes of a line that are shown; the rest of it is passed over.
    private static let longestLine = 1000

    private let plugin: String
    private let log: Logger
    private var buffer = LineBuffer()
    private var isInLongLine = false
    private var allowance = burst
    private var lastRefill = MonotonicTime.now
    private var leftOut = 0

    init(plugin: String, log: Logger) {
        self.plugin = plugin
        self.log = log
    }

    /// Whether more would only be left out: then it need not be read in haste.
    var isExhausted: Bool { allowance < 1 }

    /// - Returns: false at the end.
    mutating func read(from descriptor: Int32) -> Bool {
        let fill = buffer.fill(from: descriptor)
        while let line = buffer.next() { take(line) }
        if buffer.count > Self.longestLine {
            if !isInLongLine { say(String(decoding: buffer.head(Self.longestLine), as: UTF8.self)) }
            isInLongLine = true
            buffer.clear()
        }
        return fill != .end
    }

    /// Says what is left to say.
    mutating func finish() {
        if leftOut > 0 { sayLeftOut() }
    }

    private mutating func take(_ line: [UInt8]) {
        if isInLongLine {
            isInLongLine = false  // its head has been said
        } else if !line.isEmpty {
            say(String(decoding: line, as: UTF8.self))
        }
    }

    private mutating func say(_ text: String) {
        let now = MonotonicTime.now
        allowance = min(Self.burst, allowance + Self.perSecond * now.seconds(since: lastRefill))
        lastRefill = now
        guard allowance >= 1 else {
            leftOut += 1
            return
        }
        if leftOut > 0 { sayLeftOut() }
        allowance -= 1
        log.info("plug-in \(plugin): \(text.shortened(to: Self.longestLine))")
    }

    private mutating func sayLeftOut() {
        log.info("plug-in \(plugin): \(leftOut) further lines of its own are left out")
        leftOut = 0
    }
}
