// SPDX-License-Identifier: Apache-2.0
import PluginHost
import Settings
import Testing

@Suite struct HostSettingsTests {
    private let secret = Setting(
        "secret", in: "publisher", default: "default-secret", help: "A secret.", isSecret: true)
    private let uri = Setting("libvirt_uri", in: "DEFAULT", default: "qemu:///system", help: "A URI.")

    private func shared(_ text: String) throws -> [String: [String: String]] {
        HostSettings.shared(
            [AnySetting(secret), AnySetting(uri)],
            Configuration(documents: [try INIDocument(path: "a.conf", text: text)], environment: [:]))
    }

    @Test func whatIsInForceIsShared() throws {
        #expect(try shared("") == ["DEFAULT": ["libvirt_uri": "qemu:///system"]])
        #expect(try shared("libvirt_uri = lxc:///system\n") == ["DEFAULT": ["libvirt_uri": "lxc:///system"]])
    }

    @Test func noSecretAndNothingUndeclaredIs() throws {
        let shared = try shared(
            "libvirt_uri = esx://root:hunter2@host/\nother = hunter2\n[publisher]\nsecret = hunter2\n")
        #expect(shared == ["DEFAULT": ["libvirt_uri": "esx://root:***@host/"]])
    }
}
