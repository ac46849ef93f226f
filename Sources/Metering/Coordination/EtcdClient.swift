// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import JSONText
internal import WebClient

/// What agents need of etcd 3, by its JSON gateway: leases, keys that live with them, and who else is there.
///
/// In that gateway whole numbers are texts, bytes are base64, and what is zero or empty is left out.
actor EtcdClient {
    private static let mostBytes = 8 << 20

    private let url: CoordinationURL
    private let timeout: Duration
    private let client: WebClient
    private var token: String?
    /// Which server answered last.
    private var server = 0

    init(_ url: CoordinationURL, timeout: Duration) {
        self.url = url
        self.timeout = timeout
        var options = WebClient.Options()
        options.connectionTimeout = timeout
        options.longestAnswer = Self.mostBytes
        client = WebClient(options, trust: url.trust)
    }

    /// - Returns: its number.
    func grantLease(seconds: Int) async throws -> String {
        let answer = try await post("lease/grant", .object(["TTL": .string("\(seconds)")]))
        guard case .string(let id)? = answer["ID"] else { throw EtcdError("granted no lease") }
        return id
    }

    /// - Returns: false where it has expired already, which etcd answers without an error.
    func keepAlive(_ lease: String) async throws -> Bool {
        let answer = try await post("lease/keepalive", .object(["ID": .string(lease)]))
        return answer["result"]?["TTL"] != nil
    }

    func revoke(_ lease: String) async throws { _ = try await post("lease/revoke", .object(["ID": .string(lease)])) }

    func put(_ key: String, _ value: String, lease: String) async throws {
        _ = try await post(
            "kv/put",
            .object(["key": .string(key.base64), "value": .string(value.base64), "lease": .string(lease)]))
    }

    func delete(_ key: String) async throws {
        _ = try await post("kv/deleterange", .object(["key": .string(key.base64)]))
    }

    /// The keys that begin so.
    func keys(after prefix: String) async throws -> [String] {
        var end = Array(prefix.utf8)
        end[end.count - 1] += 1  // a prefix ends with /
        let answer = try await post(
            "kv/range",
            .object([
                "key": .string(prefix.base64), "range_end": .string(Base64.encode(end)), "keys_only": .bool(true),
            ]))
        guard case .array(let entries)? = answer["kvs"] else { return [] }
        return entries.compactMap { entry in
            guard case .string(let key)? = entry["key"] else { return nil }
            return Base64.decode(key).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Tries each server, the one that answered last first.
    private func post(_ path: String, _ body: WireValue) async throws -> WireValue {
        var failure: any Error = EtcdError("no server")
        for turn in 0..<url.servers.count {
            let index = (server + turn) % url.servers.count
            do {
                if url.user != nil, token == nil { token = try await authenticate(url.servers[index]) }
                let answer = try await post(path, body, to: url.servers[index])
                server = index
                return answer
            } catch let error as EtcdError where error.isAnswer {
                token = nil  // it may have expired; the next call gets a new one
                throw error
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private func authenticate(_ server: String) async throws -> String {
        let answer = try await post(
            "auth/authenticate", .object(["name": .text(url.user), "password": .text(url.password)]), to: server)
        guard case .string(let token)? = answer["token"] else { throw EtcdError("\(server) gave no token") }
        return token
    }

    private func post(_ path: String, _ body: WireValue, to server: String) async throws -> WireValue {
        var bytes: [UInt8] = []
        bytes.appendJSON(body)
        var request = WebRequest(
            "POST", "\(server)/v3/\(path)", headers: [("Content-Type", "application/json")], body: bytes)
        if let token { request.headers.append(("Authorization", token)) }
        let answer: WebAnswer
        do { answer = try await client.answer(to: request, within: timeout) } catch {
            throw EtcdError("\(server): \(error)")
        }
        let value = try? WireValue(json: answer.body, within: WireLimits(bytes: Self.mostBytes))
        guard answer.status == 200, let value else {
            let words = value?["error"] ?? value?["message"]
            let shown = words?.shown ?? (value == nil ? "without JSON" : "")
            // What one server can't do just now another one may: one that has lost the others answers 503.
            throw EtcdError(
                "\(server): \(path) answered \(answer.status) \(shown)",
                isAnswer: (400..<500).contains(answer.status))
        }
        return value
    }
}

/// Why etcd did not do it.
struct EtcdError: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String
    /// Whether any server would say so, as against one that can't be reached or can't do it just now.
    var isAnswer = false

    init(_ description: String, isAnswer: Bool = false) {
        self.description = "etcd: \(description)"
        self.isAnswer = isAnswer
    }
}

extension String {
    fileprivate var base64: String { Base64.encode(Array(utf8)) }
}
