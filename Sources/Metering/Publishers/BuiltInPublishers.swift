// SPDX-License-Identifier: Apache-2.0
package import Pipelines

/// The publishers that come with us.
package enum BuiltInPublishers {
    package static let all = [
        StandardOutputPublisher.registration, FilePublisher.registration, DiscardPublisher.registration,
    ]
}
