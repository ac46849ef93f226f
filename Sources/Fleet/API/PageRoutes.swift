// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The page that shows what the API tells. Its files are part of the program, hold no data, and need no token; all that
/// it shows it asks of the API, with the token that its reader gives it.
enum PageRoutes {
    /// Nothing but the service itself is asked, no script or style stands in the text, no other page frames this one.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    static let all: [FleetRoute] = [
        route("/page", "The page", "text/html; charset=utf-8", PackageResources.fleet_html),
        route("/page/fleet.css", "The page's style", "text/css; charset=utf-8", PackageResources.fleet_css),
        route("/page/fleet.js", "The page's script", "text/javascript; charset=utf-8", PackageResources.fleet_js),
    ]

    private static func route(_ path: String, _ summary: String, _ type: String, _ bytes: [UInt8]) -> FleetRoute {
        let digest = ShortDigest(of: bytes)
        let tag = "\"" + String(digest.high, radix: 16) + String(digest.low, radix: 16) + "\""
        return FleetRoute(
            "GET", path, summary, for: .nobodyInParticular, answers: [200: "A part of the page", 304: "As it was"]
        ) { request in
            let isKnown = request.request.headers[.ifNoneMatch] == tag
            var response = Response(
                status: isKnown ? .notModified : .ok,
                headers: [
                    .eTag: tag, .cacheControl: "no-cache", .contentSecurityPolicy: policy,
                    .xContentTypeOptions: "nosniff",
                ])
            guard !isKnown else { return response }
            response.headers[.contentType] = type
            response.body = .init(byteBuffer: ByteBuffer(bytes: bytes))
            return response
        }
    }
}
