// SPDX-License-Identifier: Apache-2.0
internal import Glibc
package import JSONText
package import Telemetry

/// How one plug-in is in one service.
package struct PluginReport: Sendable, Hashable {
    package var name: String
    package var version: String
    package var path: String
    /// Each `namespace name`.
    package var entryPoints: [String]
    /// `running`, `disabled`, `quarantined`, …
    package var state: String
    package var reason: String

    package init(name: String, version: String, path: String, entryPoints: [String], state: String, reason: String) {
        self.name = name
        self.version = version
        self.path = path
        self.entryPoints = entryPoints
        self.state = state
        self.reason = reason
    }
}

/// What a service notes of its plug-ins: `plugins-SERVICE.json` in `[DEFAULT] state_dir`.
package struct StateFile: Sendable, Hashable {
    package var service: String
    package var pid: Int
    package var written: Timestamp
    package var plugins: [PluginReport]

    package init(service: String, plugins: [PluginReport]) {
        self.service = service
        pid = Int(getpid())
        written = .now
        self.plugins = plugins
    }

    package init(json: [UInt8]) throws(WireError) {
        let value = try WireValue(json: json, within: WireLimits(bytes: 16 << 20))
        service = try value.text("service")
        pid = try value.integer("pid")
        written = try value.timestamp("written") ?? .now
        plugins = try value.list("plugins") { item throws(WireError) in
            PluginReport(
                name: try item.text("name"), version: try item.text("version"), path: try item.text("path"),
                entryPoints: try item.texts("entry_points"), state: try item.text("state"),
                reason: try item.text("reason"))
        }
    }

    /// Whether the service that wrote it is still there.
    package var isCurrent: Bool { pid > 0 && (kill(pid_t(clamping: pid), 0) == 0 || errno == EPERM) }

    package static func path(of service: String, in directory: String) -> String {
        "\(directory)/plugins-\(service).json"
    }

    /// Under another name first, so that nobody reads half of it.
    func write(to directory: String) throws(SystemError) {
        var bytes: [UInt8] = []
        bytes.appendJSON(
            .object([
                "service": .string(service), "pid": .integer(Int128(pid)), "written": .string(written.description),
                "plugins": .array(
                    plugins.map {
                        .object([
                            "name": .string($0.name), "version": .string($0.version), "path": .string($0.path),
                            "entry_points": .texts($0.entryPoints), "state": .string($0.state),
                            "reason": .string($0.reason),
                        ])
                    }),
            ]))
        bytes.append(UInt8(ascii: "\n"))
        let path = Self.path(of: service, in: directory)
        let draft = "\(path).new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw .last }
        let count = Glibc.write(file, bytes, bytes.count)
        let failure = SystemError.last
        close(file)
        guard count == bytes.count else { throw failure }
        guard rename(draft, path) == 0 else { throw .last }
    }
}
