// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import HTTPTypes
internal import Hummingbird
internal import HypsometerKit
internal import JSONText
internal import NIOCore
internal import Settings
internal import Web

/// A request on its way to what answers it.
struct FleetRequest: Sendable {
    let request: Request
    /// nil at public paths.
    let sender: Caller?
    /// What the path's captures hold.
    let parameters: [String: String]
    let body: BodyIntake

    func caller() throws -> Caller {
        guard let sender else { throw FleetProblem(.unauthorized, "This needs a token.") }
        return sender
    }

    func id(_ name: String = "id") throws -> Int {
        guard let id = parameters[name].flatMap({ Int($0) }) else {
            throw FleetProblem(.notFound, "There is nothing of the number \((parameters[name] ?? "").quoted).")
        }
        return id
    }

    /// - Throws: ``FleetProblem`` where it is no JSON, or nests too deep.
    func json() async throws -> JSONValue {
        let bytes = Array(try await body.read(request).readableBytesView)
        if bytes.isEmpty { throw FleetProblem(.invalid, "Empty request received: this needs a body of JSON.") }
        do throws(WireError) {
            return JSONValue(try WireValue(json: bytes, within: WireLimits(bytes: body.reader.limit)))
        } catch {
            throw FleetProblem(.invalid, "The body is no JSON that is taken: \(error).")
        }
    }

    func fields(_ names: String...) async throws -> Fields { try Fields(try await json(), names: names) }

    func query(_ parameters: [OpenAPI.Parameter]) throws -> Query { try Query(request, names: parameters.map(\.name)) }

    /// What `If-Match` and `force` say.
    func options(isForced: Bool = false) throws -> FleetOperations.Options {
        guard let field = request.headers[.ifMatch], field != "*" else {
            return FleetOperations.Options(isForced: isForced)
        }
        var text = field[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        guard text.count > 2, text.hasPrefix("\""), text.hasSuffix("\""), let version = Int(text.dropFirst().dropLast())
        else {
            throw FleetProblem(
                .invalid, "The header field If-Match is \(field.quoted); allowed: an ETag of an answer, such as \"3\".")
        }
        return FleetOperations.Options(version: version, isForced: isForced)
    }
}

/// Reads bodies, and keeps a crowd of large ones from taking all of the memory.
struct BodyIntake: Sendable {
    let reader: RequestBodyReader
    let budget: ByteBudget

    init(limit: Int) {
        reader = RequestBodyReader(limit: limit)
        budget = ByteBudget(64 * limit)
    }

    func read(_ request: Request) async throws -> ByteBuffer {
        try await budget.hold(ByteBudget.need(of: request, limit: reader.limit)) { try await reader.read(request) }
    }
}

extension Response {
    /// - Parameter version: for the ETag; nil where there is none.
    static func json(
        _ value: JSONValue, _ status: HTTPResponse.Status = .ok, version: Int? = nil
    ) -> Response {
        var response = Response(status, json: Array((value.json + "\n").utf8))
        if let version { response.headers[.eTag] = "\"\(version)\"" }
        return response
    }

    static func node(_ node: FleetNode, _ status: HTTPResponse.Status = .ok) -> Response {
        json(.object(node.json), status, version: node.version)
    }

    static func cluster(_ cluster: FleetCluster, _ status: HTTPResponse.Status = .ok) -> Response {
        json(.object(cluster.json), status, version: cluster.version)
    }
}
