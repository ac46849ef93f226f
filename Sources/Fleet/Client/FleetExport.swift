// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import Foundation
internal import Glibc
package import Settings

/// A deployed cluster as files for other tools: an inventory with variables for Ansible, or a file for each host's
/// cloud-init.
package struct FleetExport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case ansible
        case cloudInit = "cloud-init"
    }

    /// By path below the directory.
    private var files: [(path: String, text: String)] = []

    /// - Parameters:
    ///   - answer: the service's, of `/v1/clusters/ID/export`.
    ///   - token: what stands where provisioning data says `secret:bootstrap`.
    package init(_ answer: JSONValue, _ format: Format, token: String) throws(Mistake) {
        let nodes = answer["nodes"]?.array ?? []
        var names: Set<String> = []
        for node in nodes {
            let name = node["name"]?.string ?? ""
            guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), names.insert(name).inserted else {
                throw Mistake(
                    .init("node \(node["id"]?.json ?? "")"), "name", found: name.quoted,
                    allowed: "names that can be files', each once; hypsometer fleet node set --name gives another")
            }
        }
        switch format {
        case .ansible: addAnsible(answer, nodes)
        case .cloudInit:
            for node in nodes { files.append(("\(node["name"]?.string ?? "")/user-data", Self.userData(node, token))) }
        }
    }

    private mutating func addAnsible(_ answer: JSONValue, _ nodes: [JSONValue]) {
        let group = (answer["cluster"]?.string ?? "").map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        let name = "hypsometer_" + String(group)
        let hosts = JSONObject(nodes.map { ($0["name"]?.string ?? "", .object([:])) })
        var children: JSONObject = [name: ["hosts": .object(hosts)]]
        for role in Set(nodes.flatMap { ($0["roles"]?.array ?? []).compactMap(\.string) }).sorted() {
            let members = nodes.filter { $0["roles"]?.array?.contains(.string(role)) == true }
            children["hypsometer_role_\(role)"] = [
                "hosts": .object(JSONObject(members.map { ($0["name"]?.string ?? "", .object([:])) }))
            ]
        }
        files.append(("hosts.yml", JSONValue.object(["all": ["children": .object(children)]]).yaml))
        let common: JSONValue = [
            "hypsometer_generation": answer["generation"] ?? .null, "hypsometer_common": answer["common"] ?? [:],
        ]
        files.append(("group_vars/\(name).yml", common.yaml))
        for node in nodes {
            let config = node["config"] ?? [:]
            var variables: JSONObject = ["hypsometer_node": node["id"] ?? .null, "hypsometer_config": config]
            // As the agent's own files have them, to be written by a task of one line.
            variables["hypsometer_polling"] = config["polling"].map { Self.listed($0) }
            variables["hypsometer_pipeline"] = config["pipeline"].map { Self.listed($0) }
            files.append(("host_vars/\(node["name"]?.string ?? "").yml", JSONValue.object(variables).yaml))
        }
    }

    /// Sources and sinks by name as lists, in the grammar of `polling.yaml` and `pipeline.yaml`.
    private static func listed(_ part: JSONValue) -> JSONValue {
        .object(
            (part.object ?? [:]).mapValues { _, named in
                .array(
                    (named.object ?? [:]).entries.map { entry in
                        var fields: JSONObject = ["name": .string(entry.key)]
                        for field in entry.value.object?.entries ?? [] { fields[field.key] = field.value }
                        return .object(fields)
                    })
            })
    }

    private static func userData(_ node: JSONValue, _ token: String) -> String {
        let fleet = node["provisioning"]?["fleet"]
        let authorities = fleet?["ca"]?.string
        var configuration = "[fleet_agent]\nurl = \(fleet?["url"]?.string ?? "")\n"
        if authorities != nil { configuration += "ca_file = /etc/hypsometer/fleet-ca.pem\n" }
        func file(_ path: String, _ mode: String, _ text: String) -> JSONValue {
            ["path": .string(path), "permissions": .string(mode), "content": .string(text)]
        }
        var written = [file("/etc/hypsometer/hypsometer.conf.d/fleet.conf", "0644", configuration)]
        if let authorities { written.append(file("/etc/hypsometer/fleet-ca.pem", "0644", authorities)) }
        let secret = fleet?["token"]?.string ?? ""
        written.append(
            file("/etc/hypsometer/bootstrap.token", "0600", (secret == BootstrapSource.token ? token : secret) + "\n"))
        let cloud: JSONValue = [
            "hostname": node["provisioning"]?["hostname"] ?? node["name"] ?? .null, "write_files": .array(written),
            "runcmd": [["systemctl", "restart", "hypsometer-polling"]],
        ]
        return "#cloud-config\n" + cloud.yaml
    }

    /// Puts the files in the place of what was there, all at once: whoever reads the directory sees the old ones or the
    /// new ones. For the caller's own user alone, as they hold passwords. Blocks.
    package func write(to directory: String) throws(Mistake) {
        let path = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        let (draft, old) = ("\(path).new-\(getpid())", "\(path).old-\(getpid())")
        do {
            let manager = FileManager.default
            var known = stat()
            let isThere = lstat(path, &known) == 0
            if isThere {
                let names = try manager.contentsOfDirectory(atPath: path)
                guard names.isEmpty || Self.marker(path) else {
                    throw Mistake(
                        .init(path), "", found: "a directory with other files",
                        allowed: "one that isn't there, is empty, or was exported")
                }
            }
            for file in files + [(path: ".hypsometer-export", text: "")] {
                let url = URL(filePath: "\(draft)/\(file.path)")
                try manager.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                guard
                    manager.createFile(
                        atPath: url.path, contents: Data(file.text.utf8), attributes: [.posixPermissions: 0o600])
                else {
                    throw Mistake(.init(url.path), "", found: "could not be written", allowed: "a place to write to")
                }
            }
            if isThere { try manager.moveItem(atPath: path, toPath: old) }
            try manager.moveItem(atPath: draft, toPath: path)
            if isThere { try manager.removeItem(atPath: old) }
        } catch let mistake as Mistake {
            throw mistake
        } catch {
            throw Mistake(.init(path), "", found: "could not be written: \(error)", allowed: "a place to write to")
        }
    }

    private static func marker(_ path: String) -> Bool { TextFile.exists("\(path)/.hypsometer-export") }
}
