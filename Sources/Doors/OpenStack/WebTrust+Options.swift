// SPDX-License-Identifier: Apache-2.0
package import WebClient

extension WebTrust {
    /// Reads the files, so that one that isn't there or isn't PEM is told before the first connection.
    package func check() throws(CloudOptionError) {
        if key != nil, certificate == nil {
            throw CloudOptionError(
                option: "keyfile", found: "nothing in certfile", allowed: "with the certificate that it belongs to")
        }
        guard let (role, path) = unusableFile() else { return }
        let option =
            switch role {
            case .authorities: "cafile"
            case .certificate: "certfile"
            case .key: "keyfile"
            }
        throw CloudOptionError(
            option: option, found: "\"\(path)\", which holds nothing of the kind or can't be read",
            allowed: "a PEM file that this user may read")
    }
}
