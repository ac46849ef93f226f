// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings

/// How a field of a definition is found in a notification: a constant, or what paths find, through a plug-in where one
/// is named.
struct ValueRule: Sendable {
    enum Source: Sendable {
        case constant(ExpressionValue)
        case paths([JSONPath])
    }

    var source: Source
    var plugin: TraitPlugin?
    /// As it was written, for messages.
    var text: String

    /// A path, a number, a list of paths, or a mapping with fields and plugin.
    init(_ value: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        var fields = value
        plugin = nil
        if value.kind == .mapping {
            let values = value.fields(
                of: "value", required: ["fields"], optional: ["plugin", "type"], noting: &mistakes)
            plugin = values["plugin"].flatMap { plugin in
                mistakes.collectAll { () throws(Mistakes) in try TraitPlugin(plugin) }
            }
            guard let named = values["fields"] else { throw mistakes }
            fields = named
        }
        if let number = fields.number {
            source = .constant(number)
            text = "\(number)"
            try mistakes.throwIfAny()
            return
        }
        let items =
            fields.kind == .list
            ? mistakes.collect { () throws(Mistake) in try fields.list(of: "paths") } ?? [] : [fields]
        let paths = items.compactMap { item in
            mistakes.collect { () throws(Mistake) in try Self.path(item) }
        }
        try mistakes.throwIfAny()
        source = .paths(paths)
        text = paths.map(\.text).joined(separator: " | ")
    }

    init(paths: [String]) throws(ExpressionMistake) {
        var made: [JSONPath] = []
        for path in paths { made.append(try JSONPath(path)) }
        source = .paths(made)
        text = paths.joined(separator: " | ")
    }

    static func path(_ item: YAMLValue) throws(Mistake) -> JSONPath {
        let text = try item.string()
        let path: JSONPath
        do throws(ExpressionMistake) {
            path = try JSONPath(text)
        } catch {
            throw item.mistake(error)
        }
        for name in path.firstNames.sorted()
        where !NotificationDocument.names.contains(name) && !name.hasPrefix(ReceivedNotification.contextPrefix) {
            throw Mistake(
                item.place, item.path, found: "a path that begins with \(name.quoted)",
                allowed: "one of \(NotificationDocument.names.joined(separator: ", "))",
                near: NearNames.of(name, among: NotificationDocument.names))
        }
        return path
    }

    /// Whether it asks for the context as older releases name it.
    var usesOldContext: Bool {
        guard case .paths(let paths) = source else { return false }
        return paths.contains { $0.firstNames.contains { $0.hasPrefix(ReceivedNotification.contextPrefix) } }
    }

    /// All that is found, nulls among it where they are wanted.
    func values(in document: ExpressionValue, keepingNulls: Bool = false) -> [ExpressionValue] {
        switch source {
        case .constant(let value): return [value]
        case .paths(let paths):
            if plugin == nil, !keepingNulls, paths.count == 1 {
                // Whoever wants one of them takes the first.
                return paths[0].values(in: document).filter { $0 != .none }
            }
            let found = paths.flatMap { $0.values(in: document) }.filter { keepingNulls || $0 != .none }
            guard let plugin else { return found }
            return plugin.values(of: found, in: document).filter { $0 != .none }
        }
    }

    /// The first that is not null.
    func value(in document: ExpressionValue) -> ExpressionValue? {
        switch source {
        case .constant(let value): return value
        case .paths(let paths):
            guard plugin == nil else { return values(in: document).first }
            for path in paths {
                if let value = path.firstValue(in: document) { return value }
            }
            return nil
        }
    }
}
