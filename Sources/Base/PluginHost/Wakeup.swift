// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Ends a thread's `poll` from another thread.
final class Wakeup: Sendable {
    let descriptor: Int32
    private let input: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        // Without descriptors nothing else of a plug-in will work either, and says so; poll passes -1 over.
        _ = pipe(&ends)
        (descriptor, input) = (ends[0], ends[1])
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit { for end in [descriptor, input] where end >= 0 { close(end) } }

    func up() {
        var byte: UInt8 = 1
        _ = write(input, &byte, 1)  // a full pipe wakes as well
    }

    func clear() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
