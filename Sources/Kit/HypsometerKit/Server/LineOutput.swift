// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// Whole lines to a descriptor, one after the other whoever writes. The host reads all the time, so that a write takes
/// no longer than copying.
final class LineOutput: Sendable {
    private let descriptor: Mutex<Int32>

    init(descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    /// - Parameter line: with its end.
    func put(_ line: [UInt8]) {
        descriptor.withLock { descriptor in
            var done = 0
            while done < line.count {
                let count = line.withUnsafeBytes {
                    write(descriptor, $0.baseAddress?.advanced(by: done), line.count - done)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }  // the host is gone, as reading will tell
                done += count
            }
        }
    }
}
