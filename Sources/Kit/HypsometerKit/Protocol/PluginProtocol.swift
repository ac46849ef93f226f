// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// The words between host and plug-in: JSON-RPC 2.0, one message a line, as docs/plugin-protocol.md has it.
package enum PluginProtocol {
    package static let version = 1

    /// Bytes in a line from the host, which may carry all resources of a host with their metadata.
    package static let longestRequest = 64 << 20
    /// Bytes in a line from a plug-in.
    package static let longestAnswer = 16 << 20
    /// Samples, or resources, in an answer.
    package static let mostItems = 100_000

    package enum Method: String, Sendable, CaseIterable {
        case start, poll, discover, publish, process
        /// Of strategies and collectors.
        case execute
        case queries, plan, score, info
        case checkPublisher = "check_publisher"
        case extensionCheck = "extension_check"
        case extensionEvent = "extension_event"
        case deploymentCheck = "deployment_check"
        case extensionCall = "extension_call"
        case handleRequest = "handle_request"
        case processDeployment = "process_deployment"
        case processProvisioning = "process_provisioning"
    }
}

/// An error as it stands in an answer.
package struct RPCError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Int, Sendable {
        case parse = -32700
        case invalidRequest = -32600
        case unknownMethod = -32601
        case invalidParameters = -32602
        /// The plug-in tried and could not.
        case failed = -32000
        /// Some resources are not worth another try soon; `data` names them and has the others' samples.
        case permanent = -32001
        /// Nobody will ever take these samples.
        case gone = -32002
        /// An extension doesn't let it happen (of a plug-in), or the host does not (of a host).
        case refused = -32003
    }

    package var code: Int
    package var description: String
    package var data: WireValue?

    package init(code: Int, _ description: String, data: WireValue? = nil) {
        self.code = code
        self.description = description
        self.data = data
    }

    package init(_ code: Code, _ description: String, data: WireValue? = nil) {
        self.init(code: code.rawValue, description, data: data)
    }

    package init(_ error: WireError) { self.init(.invalidParameters, "\(error)") }
}
