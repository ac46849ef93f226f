// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings

/// What is asked, and of whom.
extension DefinitionReader {
    mutating func request(or parent: DynamicDefinition?) -> DynamicDefinition.Request? {
        let hasCommand = fields["host_command"] != nil
        if hasCommand {
            for key in ["endpoint_type", "url_path", "headers"] + WebCredential.keys {
                guard let value = fields[key] else { continue }
                add(Mistake(value.place, value.path, found: "given besides host_command", allowed: "one of the two"))
            }
        }
        let before = mistakes
        guard let target = target(hasCommand ? "host_command" : "url_path") else {
            if mistakes == before, mistakes.isEmpty || hasCommand {
                add(
                    Mistake(
                        fields["host_command"]?.place ?? item.place, item.path,
                        found: "a pollster without \(hasCommand ? "a command" : "url_path")",
                        allowed: "url_path with endpoint_type or module, or host_command"))
            }
            return nil
        }
        guard let origin = hasCommand ? .command : origin(target, or: parent) else { return nil }
        var request = DynamicDefinition.Request(origin: origin, target: target)
        request.headers = headers()
        // As the documentation has it; bounded by the cycle all the same.
        let waits = fields["timeout"]?.isNothing == true
        request.timeout = waits ? nil : .seconds(seconds("timeout", 1...3600) ?? 30)
        if let value = fields["response_handlers"], !value.isNothing { request.handlers = handlers(value) }
        request.isOptional = flag("optional") ?? false
        request.entries = path("response_entries_key")
        request.nextPage = path("next_sample_url_attribute")
        return request
    }

    private mutating func origin(
        _ target: TargetText, or parent: DynamicDefinition?
    ) -> DynamicDefinition.Request.Origin? {
        let credentialKeys = WebCredential.keys.filter { fields[$0] != nil }
        if !credentialKeys.isEmpty {
            if let value = fields["endpoint_type"] {
                add(Mistake(value.place, value.path, found: "given besides module", allowed: "one of the two"))
            }
            guard hasURL(target, fields["url_path"] ?? item) else { return nil }
            let (fields, item) = (fields, item)
            return mistakes.collect { () throws(Mistake) in .web(try WebCredential(fields, of: item)) }
        }
        if fields["endpoint_type"] == nil, let parent, parent.request.origin != .command {
            return parent.request.origin
        }
        guard let value = fields["endpoint_type"], !value.isNothing else {
            if mistakes.isEmpty {
                add(
                    Mistake(
                        item.place, item.path, found: "a pollster without endpoint_type",
                        allowed: "endpoint_type for a service of the cloud, module and authentication_object for any "
                            + "other URL, or host_command"))
            }
            return nil
        }
        return text(value).map { .openStack($0) }
    }

    /// What is computed is looked at when it is.
    private mutating func hasURL(_ target: TargetText, _ value: YAMLValue) -> Bool {
        guard target.isPlain, !["http://", "https://"].contains(where: { target.text.hasPrefix($0) }) else {
            return true
        }
        add(value.mistake(allowed: "a whole URL, http://… or https://…, as it belongs to no service of the cloud"))
        return false
    }

    /// A mapping, or a list of them, as older documentation has it.
    private mutating func headers() -> [DynamicDefinition.Request.Header] {
        guard let value = fields["headers"], !value.isNothing else { return [] }
        var headers: [DynamicDefinition.Request.Header] = []
        for item in value.oneOrMore {
            let entries = mistakes.collect { () throws(Mistake) in try item.entries(of: "headers") } ?? []
            for (key, value) in entries {
                guard let name = text(key), let content = text(value) else { continue }
                guard (name + content).unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                    add(Mistake(value.place, value.path, found: "a control character", allowed: "none in a header"))
                    continue
                }
                headers.append(.init(name: name, value: content))
            }
        }
        return headers
    }

    private mutating func handlers(_ value: YAMLValue) -> [ResponseHandler] {
        value.oneOrMore.compactMap { item in
            guard let name = text(item) else { return nil }
            if let handler = ResponseHandler(rawValue: name) { return handler }
            add(Mistake(item.place, item.path, unknown: name, among: ResponseHandler.allCases.map(\.rawValue)))
            return nil
        }
    }
}
