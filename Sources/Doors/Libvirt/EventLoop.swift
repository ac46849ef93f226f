// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Dispatch

/// libvirt's own event loop, on a thread of its own: it delivers domain events and serves keep-alives.
enum EventLoop {
    /// Starts it, once in the process. It must be there before the first connection is opened.
    static func start() { _ = started }

    private static let started: Void = {
        virInitialize()
        // Without a handler libvirt prints every error to stderr by itself.
        virSetErrorFunc(nil) { _, _ in }
        guard virEventRegisterDefaultImpl() == 0 else { return }
        DispatchQueue(label: "libvirt.events").async {
            while virEventRunDefaultImpl() == 0 {}
        }
    }()
}
