// SPDX-License-Identifier: Apache-2.0
internal import Wire

/// The OpenAPI 3.1 text of an API, made from what its operations declare.
package struct OpenAPI: Sendable {
    package struct Parameter: Sendable {
        package var name: String
        var help: String
        var isRequired: Bool
        var schema: String

        package init<Value>(_ parameter: QueryParameter<Value>, isRequired: Bool = false) {
            name = parameter.name
            help = parameter.help + " Allowed: \(parameter.allowed)."
            self.isRequired = isRequired
            schema = parameter.schema
        }
    }

    package struct Operation: Sendable {
        package var method: String
        package var path: String
        package var summary: String
        package var parameters: [Parameter]
        /// Media types of the request's body; none where it has none.
        package var takes: [String]
        /// By status, what it means.
        package var answers: KeyValuePairs<Int, String>
        package var needsToken: Bool

        package init(
            _ method: String, _ path: String, _ summary: String, parameters: [Parameter] = [], takes: [String] = [],
            answers: KeyValuePairs<Int, String>, needsToken: Bool = true
        ) {
            self.method = method
            self.path = path
            self.summary = summary
            self.parameters = parameters
            self.takes = takes
            self.answers = answers
            self.needsToken = needsToken
        }
    }

    private let title: String
    private let version: String
    private let operations: [Operation]

    package init(title: String, version: String, _ operations: [Operation]) {
        self.title = title
        self.version = version
        self.operations = operations
    }

    /// A JSON object.
    package var json: [UInt8] {
        var paths: [String] = []
        for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
        let texts = paths.map { path in
            let methods = operations.filter { $0.path == path }.map { "\($0.method.lowercased().json):\(text($0))" }
            return "\(path.json):{\(methods.joined(separator: ","))}"
        }
        let schemes = #"{"token":{"type":"http","scheme":"bearer"}}"#
        return Array(
            """
            {"openapi":"3.1.0","info":{"title":\(title.json),"version":\(version.json)},\
            "paths":{\(texts.joined(separator: ","))},"components":{"securitySchemes":\(schemes)}}

            """.utf8)
    }

    private func text(_ operation: Operation) -> String {
        let parameters = operation.parameters.map {
            """
            {"name":\($0.name.json),"in":"query","required":\($0.isRequired),"description":\($0.help.json),\
            "schema":\($0.schema)}
            """
        }
        let answers = operation.answers.map { "\"\($0.key)\":{\"description\":\($0.value.json)}" }
        var members = ["\"summary\":\(operation.summary.json)"]
        if !parameters.isEmpty { members.append("\"parameters\":[\(parameters.joined(separator: ","))]") }
        if !operation.takes.isEmpty {
            let types = operation.takes.map { "\($0.json):{}" }.joined(separator: ",")
            members.append("\"requestBody\":{\"required\":true,\"content\":{\(types)}}")
        }
        members.append("\"responses\":{\(answers.joined(separator: ","))}")
        if operation.needsToken { members.append(#""security":[{"token":[]}]"#) }
        return "{\(members.joined(separator: ","))}"
    }
}

extension String {
    /// As a JSON string.
    var json: String {
        var bytes: [UInt8] = []
        bytes.appendJSON(self)
        return String(decoding: bytes, as: UTF8.self)
    }
}
