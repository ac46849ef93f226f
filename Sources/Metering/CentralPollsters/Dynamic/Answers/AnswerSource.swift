// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Where answers come from: a service of the cloud, any URL, a program on this host.
package protocol AnswerSource: Sendable {
    /// - Returns: the bytes of a good answer.
    /// - Throws: what the other side said, and what was asked of whom; never a secret.
    func answer(to question: Question) async throws -> [UInt8]
}

/// One request of a pollster, for one page.
package struct Question: Sendable {
    /// A path, URL or command.
    package var target: String
    /// The catalog's type of a service of the cloud; empty for others.
    package var serviceType = ""
    /// Where that service is, as its discovery says; nil leaves it to the catalog.
    package var endpoint: String?
    package var headers: [(name: String, value: String)] = []
    var credential: WebCredential?
    /// Whether what isn't there (404) is an empty answer, and no error.
    package var isOptional = false
    /// Nobody waits for an answer after this instant.
    package var deadline: MonotonicTime
}

/// The sources there are.
package struct AnswerSources: Sendable {
    /// nil where no cloud is configured.
    package var cloud: (any AnswerSource)?
    package var web: any AnswerSource
    package var command: any AnswerSource

    package init(cloud: (any AnswerSource)?, web: any AnswerSource, command: any AnswerSource) {
        self.cloud = cloud
        self.web = web
        self.command = command
    }
}
