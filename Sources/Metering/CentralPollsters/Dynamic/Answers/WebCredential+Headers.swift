// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Settings
internal import Telemetry

extension WebCredential {
    /// What a request has to say besides: for S3's signatures its method is GET and its body empty.
    func headers(forGetting url: String, at time: Timestamp) throws(AnswerError) -> [(name: String, value: String)] {
        guard scheme.parameters.range.contains(parameters.count) else {
            throw AnswerError(
                "the secret holds \(parameters.count) values; \(scheme.rawValue) takes \(scheme.parameters.words)")
        }
        switch scheme {
        case .none: return []
        case .basic:
            let text = Base64.encode(Array("\(parameters[0]):\(parameters[1])".utf8))
            return [("Authorization", "Basic \(text)")]
        case .bearer: return [("Authorization", "Bearer \(parameters[0])")]
        case .header: return [(parameters[0], parameters[1])]
        case .signatureV2: return signedByV2(try SignedURL(url), time)
        case .signatureV4: return signedByV4(try SignedURL(url), time)
        }
    }

    /// The request's description is its method, no digest and type of a body, its date, and what it is about.
    private func signedByV2(_ url: SignedURL, _ time: Timestamp) -> [(name: String, value: String)] {
        let date = time.httpDate
        // Of a bucket that is part of the host's name, the path begins with it.
        let server = parameters.count > 2 ? parameters[2] : String(url.host)
        let bucket = url.host.hasSuffix(".\(server)") ? "/" + url.host.dropLast(server.count + 1) : ""
        let parts = url.query.filter { Self.subresources.contains($0.name) }.sorted { $0.name < $1.name }
        let query = parts.map { $0.value.isEmpty ? $0.name : "\($0.name)=\($0.value)" }.joined(separator: "&")
        let text = "GET\n\n\n\(date)\n\(bucket)\(url.path)" + (query.isEmpty ? "" : "?" + query)
        let digest = HMACSHA1.digest(of: Array(text.utf8), key: Array(parameters[1].utf8))
        return [("Date", date), ("Authorization", "AWS \(parameters[0]):\(Base64.encode(digest))")]
    }

    /// Parts of a query that say what a request is about.
    private static let subresources: Set<String> = [
        "acl", "cors", "defaultObjectAcl", "delete", "lifecycle", "location", "logging", "notification", "partNumber",
        "policy", "requestPayment", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
    ]

    private func signedByV4(_ url: SignedURL, _ time: Timestamp) -> [(name: String, value: String)] {
        let (stamp, empty) = (time.compact, SHA256.digest(of: []).hexadecimal)
        let day = String(stamp.prefix(8))
        let scope = "\(day)/\(parameters[2])/\(parameters[3])/aws4_request"
        let query = url.query.map { ($0.name.uriEncoded, $0.value.uriEncoded) }.sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
        let names = "host;x-amz-content-sha256;x-amz-date"
        let request = """
            GET
            \(url.path)
            \(query)
            host:\(url.hostAndPort)
            x-amz-content-sha256:\(empty)
            x-amz-date:\(stamp)

            \(names)
            \(empty)
            """
        let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(SHA256.digest(of: Array(request.utf8)).hexadecimal)"
        var key = Array("AWS4\(parameters[1])".utf8)
        for part in [day, parameters[2], parameters[3], "aws4_request"] {
            key = HMACSHA256(key: key).digest(of: Array(part.utf8))
        }
        let signature = HMACSHA256(key: key).digest(of: Array(text.utf8)).hexadecimal
        return [
            ("x-amz-date", stamp), ("x-amz-content-sha256", empty),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(parameters[0])/\(scope), SignedHeaders=\(names), Signature=\(signature)"
            ),
        ]
    }
}

/// The parts of a URL that signatures are about.
struct SignedURL {
    var host: Substring
    /// With the port, where it isn't the scheme's own.
    var hostAndPort: Substring
    /// As it is sent, `/` where there is none.
    var path: String
    var query: [(name: String, value: String)]

    init(_ text: String) throws(AnswerError) {
        guard let mark = text.firstRange(of: "://") else { throw AnswerError("no URL: \(text.shortened())") }
        let rest = text[mark.upperBound...].prefix { $0 != "#" }
        hostAndPort = rest.prefix { $0 != "/" && $0 != "?" }
        for (scheme, port) in [("http", ":80"), ("https", ":443")]
        where text[..<mark.lowerBound] == scheme && hostAndPort.hasSuffix(port) {
            hostAndPort = hostAndPort.dropLast(port.count)
        }
        host = hostAndPort.prefix { $0 != ":" }
        let target = rest.dropFirst(rest.prefix { $0 != "/" && $0 != "?" }.count)
        let path = target.prefix { $0 != "?" }
        self.path = path.isEmpty ? "/" : String(path)
        query = target.dropFirst(path.count + 1).split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }
}

extension String {
    /// With all but letters, digits and `-._~` as `%20`; what is so already stays.
    fileprivate var uriEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "%"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
