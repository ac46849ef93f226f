// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Libvirt
package import Settings

/// What an operator sets about the hypervisor, read and checked.
package struct ComputeSettings: Sendable, Hashable {
    package enum CPUSource: String, Sendable, Hashable {
        /// libvirt's CPU time of the whole domain.
        case domain
        /// Ceilometer's sum (since its 9.0) of each virtual CPU's time and wait.
        case vcpu
    }

    package var uri: String
    package var host: String
    package var cpuSource: CPUSource
    package var hypervisorTimeout: Duration
    /// Connections that share the domains.
    package var lanes: Int
    /// Whether domains that nova did not start are left out.
    package var novaOnly: Bool

    package init(_ configuration: Configuration) throws(Mistakes) {
        do throws(Mistake) {
            let uri = try configuration.value(Self.libvirtURI)
            let type = try configuration.value(Self.libvirtType)
            self.uri = uri.isEmpty ? Self.usualURIs[type] ?? "qemu:///system" : uri
            if let flaw = HypervisorURI.flaw(in: self.uri) {
                throw Self.mistake(flaw, uri, configuration.place(of: "DEFAULT", "libvirt_uri"))
            }
            let host = try configuration.value(Self.host)
            self.host = host.isEmpty ? HostName.current : host
            cpuSource = CPUSource(rawValue: try configuration.value(Self.cpuSourceSetting)) ?? .domain
            hypervisorTimeout = .seconds(try configuration.value(Self.hypervisorTimeoutSetting))
            let lanes = try configuration.value(Self.connectionsSetting)
            // The test driver runs in this process, and each connection would be a host of its own.
            self.lanes = self.uri.hasPrefix("test") ? 1 : lanes
            novaOnly = try configuration.value(Self.novaOnlySetting)
        } catch {
            throw Mistakes([error])
        }
    }

    package static let all: [AnySetting] = [
        AnySetting(host), AnySetting(hypervisorInspector), AnySetting(libvirtType), AnySetting(libvirtURI),
        AnySetting(cpuSourceSetting), AnySetting(hypervisorTimeoutSetting),
        AnySetting(connectionsSetting), AnySetting(novaOnlySetting),
    ]

    private static let host = Setting(
        "host", in: "DEFAULT", default: "",
        help: "What this host is called in samples; in a cloud the name that nova knows it by. Empty: its host name.")

    private static let hypervisorInspector = Setting(
        "hypervisor_inspector", in: "DEFAULT", default: "libvirt", oneOf: ["libvirt"],
        help: "How the hypervisor is read.")

    private static let libvirtType = Setting(
        "libvirt_type", in: "DEFAULT", default: "kvm", oneOf: usualURIs.keys.sorted(),
        help: "What libvirt drives, where libvirt_uri is empty: kvm and qemu mean qemu:///system, lxc lxc:///system, "
            + "parallels parallels:///system.")

    private static let libvirtURI = Setting(
        "libvirt_uri", in: "DEFAULT", default: "",
        help: "The hypervisor as libvirt names it, such as qemu:///system. Empty: what libvirt_type says.",
        allowed: "driver[+transport]://[host]/path")

    private static let cpuSourceSetting = Setting(
        "cpu_source", in: "compute", default: "domain", oneOf: ["domain", "vcpu"],
        help: "Where cpu comes from: domain, libvirt's CPU time of the whole domain, cheap and with the emulator's "
            + "share; or vcpu, Ceilometer's sum of each virtual CPU's time and wait, which asks every guest's QEMU.")

    private static let hypervisorTimeoutSetting = Setting(
        "hypervisor_timeout", in: "compute", default: 20, 1...3600,
        help: "Seconds that a read of the hypervisor may take before it is given up and tried again; never more than "
            + "the interval.")

    private static let connectionsSetting = Setting(
        "hypervisor_connections", in: "compute", default: 4, 1...4,
        help: "Connections that read the hypervisor side by side, each its share of the domains: a read takes less "
            + "time, and a guest that hangs holds up its share alone.")

    private static let novaOnlySetting = Setting(
        "nova_only", in: "compute", default: false,
        help: "Leave out domains without nova's metadata, which nova did not start.")

    private static let usualURIs = [
        "kvm": "qemu:///system", "qemu": "qemu:///system", "lxc": "lxc:///system", "parallels": "parallels:///system",
    ]

    private static func mistake(_ flaw: HypervisorURI.Flaw, _ uri: String, _ place: Mistake.Place?) -> Mistake {
        let place = place ?? .init("built-in configuration")
        let key = "[DEFAULT] libvirt_uri"
        return switch flaw {
        case .notAURI: Mistake(place, key, found: uri.withoutPassword.quoted, allowed: libvirtURI.allowed)
        case .unknownDriver(let name): Mistake(place, "\(key), driver", unknown: name, among: HypervisorURI.drivers)
        case .unknownTransport(let name):
            Mistake(place, "\(key), transport", unknown: name, among: HypervisorURI.transports)
        }
    }
}
