// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import JSONText
import TestSupport
import Testing

/// An instance of the lab's Nova, of a test's own.
struct NovaServer {
    let id: String

    /// One with the seeds' smallest flavor and image and without a network, once it runs.
    static func boot(_ name: String, _ facts: WireValue) async throws -> NovaServer {
        let images = try await ServicesLab.shared.api("GET", "glance", "/v2/images?visibility=public&status=active")
        let image = try JSONValue(parsing: images)["images"]?.array?.first?["id"]?.string ?? ""
        let body =
            #"{"server": {"name": "\#(name)", "imageRef": "\#(image)", "flavorRef": "\#(try flavor("m1.lab", facts))", "#
            + #""networks": "none"}}"#
        let answer = try await ServicesLab.shared.api("POST", "nova", "/v2.1/servers", body: body)
        let server = NovaServer(id: try #require(try JSONValue(parsing: answer)["server"]?["id"]?.string, "\(answer)"))
        try await server.waits(for: "ACTIVE")
        return server
    }

    static func flavor(_ name: String, _ facts: WireValue) throws -> String {
        let flavors = try #require(facts["nova.flavors"]?.entries)
        guard case .string(let id)? = flavors.first(where: { $0.key == name })?.value else {
            throw ShellError(command: "facts", reason: "no flavor \(name): \(flavors)")
        }
        return id
    }

    var host: String {
        get async throws { try await self.record?["OS-EXT-SRV-ATTR:host"]?.string ?? "" }
    }

    func act(_ action: String) async throws {
        _ = try await ServicesLab.shared.api("POST", "nova", "/v2.1/servers/\(id)/action", body: action)
    }

    /// Until it has a status, nothing under way, and a host that is wanted.
    func waits(for status: String, isWanted: (String) -> Bool = { _ in true }) async throws {
        var last: JSONValue?
        for _ in 0..<240 {
            last = try await record
            if last?["status"]?.string == status, last?["OS-EXT-STS:task_state"] == .null,
                isWanted(last?["OS-EXT-SRV-ATTR:host"]?.string ?? "")
            {
                return
            }
            if last?["status"]?.string == "ERROR" { break }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw ShellError(command: "wait for \(status)", reason: last?.json ?? "no such instance")
    }

    /// Confirms a resize or migration that was asked for, once that is done.
    func confirmResize() async throws {
        try await waits(for: "VERIFY_RESIZE")
        try await act(#"{"confirmResize": null}"#)
        try await waits(for: "ACTIVE")
    }

    /// Until it is gone.
    func delete() async throws {
        _ = try await ServicesLab.shared.api("DELETE", "nova", "/v2.1/servers/\(id)")
        for _ in 0..<240 {
            if try await record == nil { return }
            try await Task.sleep(for: .milliseconds(500))
        }
        throw ShellError(command: "delete", reason: "\(id) is still there")
    }

    private var record: JSONValue? {
        get async throws {
            let list = try await ServicesLab.shared.api("GET", "nova", "/v2.1/servers/detail")
            return try JSONValue(parsing: list)["servers"]?.array?.first { $0["id"]?.string == id }
        }
    }
}
