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
    ///
    /// - Parameter onEvent: hears what happens to domains, and first that this connection was opened.
    init(uri: String, onEvent: (@Sendable (DomainEvent) -> Void)?) throws(LibvirtError) {
        name = HypervisorURI.shown(uri)
        EventLoop.start()
        guard let pointer = virConnectOpenReadOnly(uri) else { throw .last("connect to \(name)") }
        self.pointer = pointer
        // A libvirtd that stops answering makes calls fail after (3 + 1) · 5 s rather than never. Drivers inside
        // this process have none, which is no error of ours.
        virConnectSetKeepAlive(pointer, 5, 3)
        guard let onEvent else { return }
        EventSubscription.register(on: pointer, handler: onEvent)
        onEvent(.connected)
    }

    deinit { virConnectClose(pointer) }

    /// What this process knows without asking: false once the socket is closed or keep-alives went unanswered.
    var isAlive: Bool { virConnectIsAlive(pointer) == 1 }

    /// A few KiB are usual, and libvirtd sends no text past 4 MiB; the drivers inside this process know no limit.
    private static let largestDescription = 8 << 20

    /// The XML text that describes a domain, as of now.
    func descriptionXML(ofDomain uuid: String) throws(LibvirtError) -> String {
        guard let domain = virDomainLookupByUUIDString(pointer, uuid) else { throw .last("find domain \(uuid)") }
        defer { virDomainFree(domain) }
        guard let text = virDomainGetXMLDesc(domain, 0) else { throw .last("describe domain \(uuid)") }
        defer { free(text) }
        let size = strlen(text)
        guard size <= Self.largestDescription else {
            throw LibvirtError(
                reason: .tooLarge, action: "describe domain \(uuid)",
                message: "\(size) bytes of XML, more than the \(Self.largestDescription) allowed")
        }
        return String(cString: text)
    }
}
