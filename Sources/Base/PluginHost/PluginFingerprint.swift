// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HypsometerKit

/// All that a plug-in was started with: equal ones need no start anew.
struct PluginFingerprint: Sendable, Hashable {
    private let manifest: PluginManifest
    private let start: StartMessage
    private let timeout: Duration
    /// Of the program: a new file under the old name is another program.
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let changed: Int

    init(_ manifest: PluginManifest, _ start: StartMessage, _ timeout: Duration) {
        self.manifest = manifest
        self.start = start
        self.timeout = timeout
        var status = stat()
        _ = stat(manifest.executable, &status)  // where it is gone, starting it says so
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        changed = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
    }
}
