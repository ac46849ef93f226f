// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import ClusterModel
internal import NIOCore
internal import NIOHTTP1
internal import OpenStack
internal import WebClient

/// Asks a datasource over HTTP for JSON.
struct DatasourceClient: Sendable {
    /// The most that is read of an answer.
    private static let mostBytes = 256 << 20

    let datasource: String
    let place: DatasourceSettings.Place
    /// nil where nobody logs in.
    var keystone: KeystoneLogin?

    func get(_ path: String, _ query: [(String, String)]) async throws -> JSONValue {
        try await ask(.GET, path + (query.isEmpty ? "" : "?" + Self.form(query)), nil, nil)
    }

    func post(_ path: String, form: [(String, String)]) async throws -> JSONValue {
        try await ask(.POST, path, Self.form(form), "application/x-www-form-urlencoded")
    }

    func post(_ path: String, _ query: [(String, String)] = [], json: JSONValue) async throws -> JSONValue {
        try await ask(.POST, path + (query.isEmpty ? "" : "?" + Self.form(query)), json.json, "application/json")
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, _ body: String?, _ type: String?
    ) async throws -> JSONValue {
        var (status, text) = try await send(method, path, body, type, token: try await token(besides: nil))
        if status == 401, keystone != nil {
            // The token may have ended before its time.
            let refused = try await token(besides: nil)
            (status, text) = try await send(method, path, body, type, token: try await token(besides: refused))
        }
        let shown = "\(method.rawValue) \(place.url)\(path.prefix { $0 != "?" })"
        guard (200..<300).contains(status) else {
            throw DatasourceError(datasource, "\(shown) answered \(status): \(Self.excerpt(text))")
        }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw DatasourceError(datasource, "\(shown) answered no JSON: \(error)")
        }
    }

    private func token(besides refused: CloudSecret?) async throws -> CloudSecret? {
        guard let keystone else { return nil }
        do { return try await keystone.session.token(besides: refused) } catch let error as CloudError {
            throw DatasourceError(datasource, "\(error)")
        }
    }

    /// - Returns: the status, and the answer's body.
    private func send(
        _ method: HTTPMethod, _ path: String, _ body: String?, _ type: String?, token: CloudSecret?
    ) async throws -> (UInt, String) {
        var url = place.url
        if url.isEmpty, let keystone {
            do { url = try await keystone.address } catch { throw DatasourceError(datasource, "\(error)") }
        }
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        if let keystone, let token {
            request.headers.add(name: "X-Auth-Token", value: token.value)
            do { request.tlsConfiguration = try keystone.session.credentials.trust.configuration() } catch {
                throw DatasourceError(datasource, "could not read the certificates of [service_credentials]: \(error)")
            }
        }
        request.headers.add(name: "Accept", value: "application/json")
        if let header = place.authorization { request.headers.add(name: header.name, value: header.value) }
        if let type { request.headers.add(name: "Content-Type", value: type) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        do {
            let timeout = Int64(place.timeout)
            return try await withTimeLimit(.seconds(timeout)) { [request] in
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(timeout))
                return (response.status.code, String(buffer: try await response.body.collect(upTo: Self.mostBytes)))
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            let reason = HTTPFailure(error, after: .seconds(place.timeout))
            throw DatasourceError(datasource, "\(method.rawValue) \(url)\(path.prefix { $0 != "?" }): \(reason)")
        }
    }

    /// The words of an answer, be it a page.
    private static func excerpt(_ text: String) -> String {
        let words = text.prefix(4000).replacing(/<[^>]*>/, with: " ").split(whereSeparator: \.isWhitespace)
        return String(words.joined(separator: " ").prefix(300))
    }

    private static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}

/// A user and a password as HTTP shows them.
enum BasicAuthorization {
    static func header(user: String, password: String) -> String {
        HTTPClient.Authorization.basic(username: user, password: password).headerValue
    }
}
