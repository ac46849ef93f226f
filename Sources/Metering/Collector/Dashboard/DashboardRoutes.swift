// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Web

/// The page that shows what the API tells. Its files are part of the program, hold no data, and need no token; all that
/// it shows it asks of the API, with the token that its reader gives it.
struct DashboardRoutes: Sendable {
    struct File: Sendable {
        var path: String
        var type: String
        var bytes: [UInt8]

        /// Changes with what is in the file.
        var tag: String {
            let digest = ShortDigest(of: bytes)
            return "\"" + String(digest.high, radix: 16) + String(digest.low, radix: 16) + "\""
        }
    }

    static let files: [File] = [
        File(path: "/", type: "text/html; charset=utf-8", bytes: PackageResources.index_html),
        File(path: "/dashboard/icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
        File(path: "/dashboard/style.css", type: "text/css; charset=utf-8", bytes: PackageResources.style_css),
        script("app", PackageResources.app_js), script("api", PackageResources.api_js),
        script("controls", PackageResources.controls_js), script("theme", PackageResources.theme_js),
        script("dom", PackageResources.dom_js), script("format", PackageResources.format_js),
        script("hosts", PackageResources.hosts_js), script("instance", PackageResources.instance_js),
        script("instances", PackageResources.instances_js), script("notices", PackageResources.notices_js),
        script("overview", PackageResources.overview_js),
        script("parts", PackageResources.parts_js), script("plot", PackageResources.plot_js),
        script("series", PackageResources.series_js), script("state", PackageResources.state_js),
    ]

    private static func script(_ name: String, _ bytes: [UInt8]) -> File {
        File(path: "/dashboard/\(name).js", type: "text/javascript; charset=utf-8", bytes: bytes)
    }

    /// Nothing but the collector itself is asked, no script or style stands in the text, no other page frames this one.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    static func add(to router: Router<BasicRequestContext>) {
        for file in files {
            let tag = file.tag
            let body = ByteBuffer(bytes: file.bytes)
            router.get(RouterPath(file.path)) { request, _ in
                var headers: HTTPFields = [
                    .contentType: file.type, .eTag: tag, .cacheControl: "no-cache", .contentSecurityPolicy: policy,
                    .xContentTypeOptions: "nosniff",
                ]
                if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
                if Self.isKnown(tag, request.headers[.ifNoneMatch]) {
                    headers[.contentType] = nil
                    return Response(status: .notModified, headers: headers)
                }
                return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
            }
        }
    }

    /// Whether the client has this version, as `If-None-Match` tells.
    private static func isKnown(_ tag: String, _ field: String?) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { entry in
            let entry = entry.drop { $0 == " " }.prefix { $0 != " " }
            return entry == "*" || entry == tag || entry == "W/" + tag
        }
    }
}
