// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import OpenStack
internal import Settings
internal import WebClient

/// Asks a datasource over HTTP for JSON.
struct DatasourceClient: Sendable {
    let datasource: String
    let place: DatasourceSettings.Place
    /// nil where nobody logs in.
    let keystone: KeystoneLogin?
    private let client: WebClient

    init(datasource: String, place: DatasourceSettings.Place, keystone: KeystoneLogin? = nil) {
        self.datasource = datasource
        self.place = place
        self.keystone = keystone
        var options = WebClient.Options()
        options.longestAnswer = 256 << 20
        // What is secret would go along.
        options.followsRedirects = keystone == nil && place.authorization == nil
        client = WebClient(options, trust: keystone?.session.credentials.trust ?? WebTrust())
    }

    func get(_ path: String, _ query: [(String, String)]) async throws -> JSONValue {
        try await ask("GET", path + (query.isEmpty ? "" : "?" + Self.form(query)), nil, nil)
    }

    func post(_ path: String, form: [(String, String)]) async throws -> JSONValue {
        try await ask("POST", path, Self.form(form), "application/x-www-form-urlencoded")
    }

    func post(_ path: String, _ query: [(String, String)] = [], json: JSONValue) async throws -> JSONValue {
        try await ask("POST", path + (query.isEmpty ? "" : "?" + Self.form(query)), json.json, "application/json")
    }

    private func ask(
        _ method: String, _ path: String, _ body: String?, _ type: String?
    ) async throws -> JSONValue {
        var answer = try await send(method, path, body, type, token: try await token(besides: nil))
        if answer.status == 401, keystone != nil {
            // The token may have ended before its time.
            let refused = try await token(besides: nil)
            answer = try await send(method, path, body, type, token: try await token(besides: refused))
        }
        let shown = "\(method) \(place.url)\(path.prefix { $0 != "?" })"
        guard answer.isSuccess else {
            let place = answer.headers["location"].map {
                " and leads to \(String($0.prefix { $0 != "?" }).withoutPassword); give that as its URL"
            }
            throw DatasourceError(
                datasource, "\(shown) answered \(answer.status)\(place ?? ": \(Self.excerpt(answer.text))")")
        }
        do {
            return try JSONValue(parsing: answer.text)
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

    private func send(
        _ method: String, _ path: String, _ body: String?, _ type: String?, token: CloudSecret?
    ) async throws -> WebAnswer {
        var url = place.url
        if url.isEmpty, let keystone {
            do { url = try await keystone.address } catch { throw DatasourceError(datasource, "\(error)") }
        }
        var request = WebRequest(
            method, url + path, headers: [("Accept", "application/json")], body: body.map { Array($0.utf8) })
        if let token { request.headers.append(("X-Auth-Token", token.value)) }
        if let header = place.authorization { request.headers.append((header.name, header.value)) }
        if let type { request.headers.append(("Content-Type", type)) }
        do {
            return try await client.answer(to: request, within: .seconds(place.timeout))
        } catch let failure as WebFailure {
            throw DatasourceError(datasource, "\(method) \(url)\(path.prefix { $0 != "?" }): \(failure)")
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
