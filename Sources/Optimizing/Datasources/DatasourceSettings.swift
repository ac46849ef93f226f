// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import WebClient

/// What an operator sets about where metrics come from.
package struct DatasourceSettings: Sendable, Hashable {
    /// Where one datasource is, and how it is asked.
    package struct Place: Sendable, Hashable {
        /// Without a trailing `/`; empty where there is none.
        package var url: String
        /// A header's name and value; nil where nothing is shown.
        package var authorization: Header?
        package var timeout: Int
        /// Whether Keystone gives the token, and the address where ``url`` is empty.
        package var usesKeystone = false
    }

    package struct Header: Sendable, Hashable {
        package var name = "Authorization"
        package var value: String
    }

    /// Those that have a place, the preferred one first.
    package var order: [String]
    package var places: [String: Place]
    package var map: MetricMap
    /// Prometheus' label of a node's host name, and of an instance's UUID.
    package var hostLabel: String
    package var instanceLabel: String

    private static let section = "watcher_datasources"
    package static let names = [CollectorDatasource.name, GnocchiDatasource.name, PrometheusDatasource.name]

    private static let orderSetting = Setting(
        "datasources", in: section, default: names,
        help:
            "Where metrics come from, the preferred one first: the first of these that has a url and all metrics of a "
            + "strategy is asked.")
    private static let mapSetting = Setting(
        "metric_map_path", in: "watcher_decision_engine", default: "",
        help: "A YAML file with what datasources call the metrics, as {gnocchi: {host_cpu_usage: NAME}}; null for one "
            + "that it doesn't have. Empty: Watcher's own names.")
    private static let hostLabelSetting = Setting(
        "fqdn_label", in: "\(section).\(PrometheusDatasource.name)", default: "fqdn",
        help: "The label of a node's host name.", allowed: "a label's name", check: isLabel)
    private static let instanceLabelSetting = Setting(
        "instance_uuid_label", in: "\(section).\(PrometheusDatasource.name)", default: "resource",
        help: "The label of an instance's UUID.", allowed: "a label's name", check: isLabel)

    private static func urlSetting(_ name: String) -> Setting<String> {
        let what = [
            CollectorDatasource.name: "Our collector's", GnocchiDatasource.name: "Gnocchi's",
            PrometheusDatasource.name: "Prometheus'",
        ]
        return Setting(
            "url", in: "\(section).\(name)", default: "",
            help: "\(what[name] ?? name) address. Empty: it isn't asked.",
            allowed: "http://host[:port][/path], or with https", check: isURL)
    }

    private static let keystoneSetting = Setting(
        "keystone", in: "\(section).\(GnocchiDatasource.name)", default: false,
        help: "Log in at Keystone as [service_credentials] says; an empty url is the catalog's then.")

    private static func tokenSetting(_ name: String) -> Setting<String> {
        Setting(
            "token_file", in: "\(section).\(name)", default: "",
            help: "A file with the token that is shown"
                + (name == GnocchiDatasource.name ? ", one of Keystone's" : " (Authorization: Bearer)")
                + ". Empty: none.")
    }

    private static func userSetting(_ name: String) -> Setting<String> {
        Setting("username", in: "\(section).\(name)", default: "", help: "Whom to ask as. Empty: nobody in particular.")
    }

    private static func passwordSetting(_ name: String) -> Setting<String> {
        Setting("password_file", in: "\(section).\(name)", default: "", help: "A file with the user's password.")
    }

    private static func timeoutSetting(_ name: String) -> Setting<Int> {
        Setting("timeout", in: "\(section).\(name)", default: 30, 1...3600, help: "Seconds that an answer may take.")
    }

    package static let all: [AnySetting] =
        [AnySetting(orderSetting), AnySetting(mapSetting)]
        + names.flatMap { name in
            [
                AnySetting(urlSetting(name)), AnySetting(tokenSetting(name)), AnySetting(userSetting(name)),
                AnySetting(passwordSetting(name)), AnySetting(timeoutSetting(name)),
            ]
                + (name == GnocchiDatasource.name ? [AnySetting(keystoneSetting)] : [])
                + (name == PrometheusDatasource.name
                    ? [AnySetting(hostLabelSetting), AnySetting(instanceLabelSetting)] : [])
        }

    /// Whether a datasource is asked as `[service_credentials]` says.
    package var usesKeystone: Bool { order.contains { places[$0]?.usesKeystone == true } }

    package init(_ configuration: Configuration) throws(Mistakes) {
        var mistakes = Mistakes()
        func value<Value>(_ setting: Setting<Value>, _ fallback: Value) -> Value {
            mistakes.collect { () throws(Mistake) in try configuration.value(setting) } ?? fallback
        }
        let wanted = value(Self.orderSetting, Self.names)
        for name in wanted where !Self.names.contains(name) {
            let place = configuration.place(of: Self.section, "datasources") ?? .init("command line")
            mistakes.add(Mistake(place, "[\(Self.section)] datasources", unknown: name, among: Self.names))
        }
        places = [:]
        for name in Self.names {
            var url = value(Self.urlSetting(name), "")
            while url.hasSuffix("/") { url.removeLast() }
            let usesKeystone = name == GnocchiDatasource.name && value(Self.keystoneSetting, false)
            guard !url.isEmpty || usesKeystone else { continue }
            let authorization = mistakes.collect { () throws(Mistake) in
                try Self.authorization(
                    token: try configuration.value(Self.tokenSetting(name)),
                    user: try configuration.value(Self.userSetting(name)),
                    password: try configuration.value(Self.passwordSetting(name)), of: name)
            }
            places[name] = Place(
                url: url, authorization: authorization ?? nil, timeout: value(Self.timeoutSetting(name), 30),
                usesKeystone: usesKeystone)
            if usesKeystone, authorization != .some(nil) {
                mistakes.add(
                    Mistake(
                        configuration.place(of: Self.keystoneSetting.section, Self.keystoneSetting.name)
                            ?? .init("built-in configuration"),
                        "[\(Self.keystoneSetting.section)] \(Self.keystoneSetting.name)",
                        found: "given together with token_file or username", allowed: "one of the two"))
            }
        }
        let places = places
        order = wanted.filter { places[$0] != nil }
        map = .standard
        hostLabel = value(Self.hostLabelSetting, "fqdn")
        instanceLabel = value(Self.instanceLabelSetting, "resource")
        let path = value(Self.mapSetting, "")
        if !path.isEmpty {
            var map = map
            mistakes.collectAll { () throws(Mistakes) in
                let text: String
                do throws(Mistake) { text = try TextFile.read(path) } catch { throw Mistakes([error]) }
                try map.merge(file: path, text: text)
            }
            self.map = map
        }
        try mistakes.throwIfAny()
    }

    private static func authorization(
        token: String, user: String, password: String, of name: String
    ) throws(Mistake) -> Header? {
        func firstLine(_ path: String) throws(Mistake) -> String {
            try TextFile.read(path).split(separator: "\n").first.map(String.init)?.trimmed.description ?? ""
        }
        if !token.isEmpty {
            let token = try firstLine(token)
            // Keystone's tokens have a header of their own.
            return name == GnocchiDatasource.name
                ? Header(name: "X-Auth-Token", value: token) : Header(value: "Bearer \(token)")
        }
        guard !user.isEmpty else { return nil }
        return Header(
            value: WebRequest.basicAuthorization(user: user, password: password.isEmpty ? "" : try firstLine(password)))
    }

    private static func isURL(_ text: String) -> Bool {
        text.isEmpty
            || (text.wholeMatch(of: /https?:\/\/[^\s\/@]+(\/[^\s?#]*)?/) != nil)
    }

    private static func isLabel(_ text: String) -> Bool { text.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil }
}
