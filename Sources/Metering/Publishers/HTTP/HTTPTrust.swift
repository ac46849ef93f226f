// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import WebClient

/// Whom an HTTPS publisher trusts, and what it shows of itself, by `verify_ssl`, `clientcert` and `clientkey`.
enum HTTPTrust {
    static let options: Set<String> = ["verify_ssl", "clientcert", "clientkey"]

    static func of(_ url: PublisherURL, scheme: String) throws(Mistake) -> WebTrust {
        var trust = WebTrust()
        guard let option = options.sorted().first(where: { url.options[$0] != nil }) else { return trust }
        guard scheme == "https" else {
            throw Mistake(
                url.place, "publisher \(url.shown), option \(option)", found: "given for http",
                allowed: "with https only")
        }
        switch url.options["verify_ssl"] {
        case nil, "True"?, "true"?: break
        case "False"?, "false"?: trust.verifies = false
        case let path?: trust.authorities = path
        }
        // As in Ceilometer, one file may hold both.
        (trust.certificate, trust.key) = (url.options["clientcert"], url.options["clientkey"])
        if trust.key != nil, trust.certificate == nil {
            throw Mistake(
                url.place, "publisher \(url.shown), option clientkey", found: "given without clientcert",
                allowed: "with the certificate that it belongs to")
        }
        if let (role, path) = trust.unusableFile() { throw unusable(path, as: role, trust, url) }
        return trust
    }

    private static func unusable(
        _ path: String, as role: WebTrust.Role, _ trust: WebTrust, _ url: PublisherURL
    ) -> Mistake {
        let option =
            switch role {
            case .authorities: "verify_ssl"
            case .certificate: "clientcert"
            case .key: trust.key == nil ? "clientcert" : "clientkey"
            }
        // As a text, for the words: the library tells no more than that it failed.
        do throws(Mistake) {
            _ = try TextFile.read(path)
        } catch {
            return Mistake(
                url.place, "publisher \(url.shown), option \(option)", found: "\(path.quoted), which \(error.found)",
                allowed: option == "verify_ssl" ? "True, False or a PEM file" : "a PEM file")
        }
        return Mistake(
            url.place, "publisher \(url.shown), option \(option)",
            found: "\(path.quoted), which holds nothing of the kind", allowed: "a PEM file")
    }
}
