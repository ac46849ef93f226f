// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// One request to a service of the cloud.
package struct ServiceRequest: Sendable {
    package enum Method: String, Sendable, Hashable {
        case get = "GET", head = "HEAD", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    package struct Parameter: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// By the type that the catalog has it under, or another type of the same service: `block-storage` or `volumev3`.
    package var service: String
    package var method = Method.get
    /// Percent-encoded. `v2/images` goes behind the address in the catalog, once where that ends with `v2` already;
    /// `/v2/images` replaces the address's path; a whole URL replaces all of it, and must be on a host of the catalog.
    package var path: String
    /// Encoded when it is sent.
    package var query: [Parameter]
    package var headers: [String: String] = [:]
    package var body: [UInt8]?
    /// `2.53`; nil for the service's oldest.
    package var microversion: String?
    /// In place of the session's, such as `internal`.
    package var interface: String?
    /// Of one try; nil for the session's.
    package var timeout: Duration?
    /// When the whole of it, with waiting and all tries, must be done.
    package var deadline: MonotonicTime?
    /// Whether the service may come to see it twice: then it is tried again where it isn't known what became of it.
    package var isRepeatable: Bool

    package init(
        _ service: String, _ method: Method, _ path: String, query: KeyValuePairs<String, String> = [:],
        microversion: String? = nil, deadline: MonotonicTime? = nil
    ) {
        self.service = service
        self.method = method
        self.path = path
        self.query = query.map { Parameter($0.key, $0.value) }
        self.microversion = microversion
        self.deadline = deadline
        isRepeatable = [.get, .head].contains(method)
    }

    /// To get what is at a path.
    package init(
        _ service: String, _ path: String, query: KeyValuePairs<String, String> = [:], microversion: String? = nil,
        deadline: MonotonicTime? = nil
    ) {
        self.init(service, .get, path, query: query, microversion: microversion, deadline: deadline)
    }

    /// For an error: never the query, which may hold what others need not know.
    var shown: String { "\(method.rawValue) \(path.prefix { $0 != "?" }) of \(service)" }
}

extension String {
    /// Safe as one segment of a path, or as a name or value of a query.
    package var percentEncoded: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }

    /// What percent signs stand for; what is not well encoded stays as it is.
    package var percentDecoded: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
