// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A disk of a few MiB in memory, which fills up soon. Only root may have one.
package final class SmallDisk: Sendable {
    package let path: String

    /// Why there is none to be had here; nil where there is.
    package static let unavailable: String? = {
        do {
            _ = try SmallDisk(mebibytes: 1)
            return nil
        } catch {
            return "no small disk can be mounted: \(error)"
        }
    }()

    package init(mebibytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
            let reason = String(cString: strerror(errno))
            rmdir(path)
            throw ShellError(command: "mount", reason: reason)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    /// Takes all the room that is left.
    package func fill() throws {
        let descriptor = open("\(path)/filler", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        defer { close(descriptor) }
        for size in [1 << 16, 1 << 12, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while write(descriptor, block, size) > 0 {}
        }
    }

    /// Gives it back.
    package func free() { unlink("\(path)/filler") }
}
