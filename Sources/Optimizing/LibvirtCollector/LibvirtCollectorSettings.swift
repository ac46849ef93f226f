// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
package import Settings

/// What an operator sets for the collector `libvirt`.
package struct LibvirtCollectorSettings: Sendable, Hashable {
    /// The collector's name.
    package static let name = "libvirt"
    private static let section = "watcher_cluster_data_model_collectors.\(name)"

    /// The hypervisors of the fleet; empty where there are none to be asked.
    package var uris: [String]
    /// Seconds that a hypervisor may take to answer.
    package var timeout: Int

    static let urisSetting = Setting(
        "uris", in: section, default: [],
        help: "libvirt's addresses of the hypervisors whose domains make the model, as qemu+ssh://host/system. "
            + "Empty: none is asked.")

    static let timeoutSetting = Setting(
        "timeout", in: section, default: 30, 1...3600, help: "Seconds that a hypervisor may take to answer.")

    package static let all: [AnySetting] = [AnySetting(urisSetting), AnySetting(timeoutSetting)]

    package init(_ configuration: Configuration) throws(Mistakes) {
        var mistakes = Mistakes()
        let uris = mistakes.collect { () throws(Mistake) in try configuration.value(Self.urisSetting) } ?? []
        let timeout = mistakes.collect { () throws(Mistake) in try configuration.value(Self.timeoutSetting) }
        if let place = configuration.place(of: Self.section, Self.urisSetting.name) {
            for uri in uris {
                mistakes.collect { () throws(Mistake) in try Self.check(uri, at: place, "[\(Self.section)] uris") }
            }
        }
        try mistakes.throwIfAny()
        self.uris = uris
        self.timeout = timeout ?? 30
    }

    /// - Throws: where it can't be libvirt's address of a hypervisor.
    package static func check(_ uri: String, at place: Mistake.Place, _ key: String) throws(Mistake) {
        switch HypervisorURI.flaw(in: uri) {
        case nil: break
        case .notAURI:
            throw Mistake(
                place, key, found: uri.withoutPassword.quoted,
                allowed: "libvirt's addresses, as qemu:///system or qemu+ssh://host/system")
        case .unknownDriver(let name): throw Mistake(place, key, unknown: name, among: HypervisorURI.drivers)
        case .unknownTransport(let name): throw Mistake(place, key, unknown: name, among: HypervisorURI.transports)
        }
    }
}
