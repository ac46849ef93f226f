// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc

/// One open read-only connection. Not `Sendable`: it lives and dies on its lane's thread.
final class Connection {
    /// The URI, for messages.
    let name: String
    let pointer: virConnectPtr
    /// False once the driver has said that it has no bulk statistics (the test and LXC drivers).
    var hasBulkStatistics = true

    /// Blocks until libvirtd answers, without limit while it is stopped.
    init(uri: String, onEvent: @escaping @Sendable (DomainEvent) -> Void) throws(LibvirtError) {
        name = HypervisorURI.shown(uri)
        EventLoop.start()
        guard let pointer = virConnectOpenReadOnly(uri) else { throw .last("connect to \(name)") }
        self.pointer = pointer
        // A libvirtd that stops answering makes calls fail after (3 + 1) · 5 s rather than never. Drivers inside
        // this process have none, which is no error of ours.
        virConnectSetKeepAlive(pointer, 5, 3)
        EventSubscription.register(on: pointer, handler: onEvent)
        onEvent(.connected)
    }

    deinit { virConnectClose(pointer) }

    /// What this process knows without asking: false once the socket is closed or keep-alives went unanswered.
    var isAlive: Bool { virConnectIsAlive(pointer) == 1 }

    /// The XML text that describes a domain, as of now.
    func descriptionXML(ofDomain uuid: String) throws(LibvirtError) -> String {
        guard let domain = virDomainLookupByUUIDString(pointer, uuid) else { throw .last("find domain \(uuid)") }
        defer { virDomainFree(domain) }
        guard let text = virDomainGetXMLDesc(domain, 0) else { throw .last("describe domain \(uuid)") }
        defer { free(text) }
        return String(cString: text)
    }
}
