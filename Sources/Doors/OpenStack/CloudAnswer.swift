// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// What a service answered.
package struct CloudAnswer: Sendable {
    /// More is not read: a page of a thousand servers has about 4 MB.
    static let mostBytes = 64 << 20

    package var status: Int
    /// Names in lower case; one that came several times has its values with commas between them.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Where it came from, without the query.
    package var url: String

    /// - Parameter name: in any case.
    package func header(_ name: String) -> String? { headers[name.lowercased()] }

    /// - Throws: ``CloudError`` where it is no JSON.
    package func json() throws -> WireValue {
        do {
            return try WireValue(json: body, within: WireLimits(bytes: Self.mostBytes, depth: 64))
        } catch {
            throw CloudError(.unreadable, "could not read the answer of \(url): \(error)")
        }
    }

    /// Seconds until it's worth another try, as the service says.
    var retryAfter: Int? { header("retry-after").flatMap { Int($0) }.map { max($0, 0) } }
}
