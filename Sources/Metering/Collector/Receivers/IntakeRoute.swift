// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
internal import Hummingbird
internal import Web
internal import Wire

/// `POST /v1/samples`: takes samples as JSON. It answers 200 once those that were taken are on the disk; good samples
/// are taken even where others of the same message are refused for good, which the answer counts and explains.
struct IntakeRoute: Sendable {
    /// How many refusals an answer explains.
    private static let explained = 10

    let store: SampleStore
    let reader: JSONReader
    let body: RequestBodyReader
    let budget: ByteBudget
    let counters: CollectorCounters

    static let operation = OpenAPI.Operation(
        "POST", "/v1/samples",
        "Takes one sample or an array of them, in the keys of Ceilometer's HTTP publisher or of its metering messages",
        takes: ["application/json"],
        answers: [
            200: "What was taken is on the disk: an object with stored, duplicates, refused and refusals, the first "
                + "of those refused for good with index, reason and detail",
            400: "The body is no JSON: it will never be taken",
            413: "The body is too large: send less at a time",
            415: "The body's type or encoding isn't known",
            422: "Every sample is refused for good; refusals says why",
            503: "Nothing was taken for now; try again after the time in Retry-After",
        ])

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        do {
            return try await budget.hold(ByteBudget.need(of: request, limit: body.limit)) { try await take(request) }
        } catch let problem as Problem {
            switch problem.status {
            case .contentTooLarge: counters[.http].count(refused: .tooLarge)
            case .badRequest, .unsupportedMediaType: counters[.http].count(refused: .malformed)
            default: break
            }
            throw problem
        }
    }

    private func take(_ request: Request) async throws -> Response {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? "application/json"
        guard type == "application/json" else {
            throw Problem(
                .unsupportedMediaType, "The body's type is \"\(type.prefix(80))\"; allowed: application/json.")
        }
        let body = try await body.read(request)
        let reading: Reading
        do throws(JSONSkim.Failure) {
            reading = try body.withUnsafeReadableBytes { bytes throws(JSONSkim.Failure) in try reader.read(bytes) }
        } catch {
            throw Problem(.badRequest, "The body is no JSON of samples: \(error.reason), at byte \(error.position).")
        }
        let receipt: SampleStore.Receipt
        do throws(StoreError) {
            receipt = try await store.append(reading.arrivals)
        } catch {
            counters[.http].countPostponed()
            throw Problem(.serviceUnavailable, "\(error).", retryAfter: error == .busy ? 1 : 10)
        }
        counters[.http].count(reading, receipt)
        if reading.arrivals.isEmpty, !reading.refusals.isEmpty {
            var problem = Problem(.unprocessableContent, "None of the samples can be taken.")
            problem.members = [("refusals", Self.json(reading.refusals))]
            throw problem
        }
        return Response(json: Self.json(reading, receipt))
    }

    private static func json(_ reading: Reading, _ receipt: SampleStore.Receipt) -> [UInt8] {
        var json = Array("{".utf8)
        json.append("stored", number: receipt.stored)
        json.append("duplicates", number: receipt.duplicates)
        json.append("refused", number: reading.refusals.count)
        json.append(key: "refusals")
        json += Self.json(reading.refusals)
        json.append("}\n")
        return json
    }

    private static func json(_ refusals: [Refusal]) -> [UInt8] {
        var json: [UInt8] = []
        json.append("[")
        for (position, refusal) in refusals.prefix(explained).enumerated() {
            if position > 0 { json.append(",") }
            json.append("{")
            json.append("index", number: refusal.index)
            json.append("reason", refusal.reason.rawValue)
            json.append("detail", refusal.detail)
            json.append("}")
        }
        json.append("]")
        return json
    }
}
