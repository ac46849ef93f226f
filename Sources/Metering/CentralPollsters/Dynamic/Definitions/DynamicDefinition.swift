// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import Settings
package import Telemetry

/// One pollster of `pollsters.d/*.yaml`, read and checked: what is asked, where the values stand in the answer, and
/// what samples are made of them.
package struct DynamicDefinition: Sendable, Hashable {
    /// What is asked. Definitions of equal requests share one.
    struct Request: Sendable, Hashable {
        enum Origin: Sendable, Hashable {
            /// A service of the cloud, by its type in the catalog.
            case openStack(String)
            /// Any URL.
            case web(WebCredential)
            /// A program on this host.
            case command
        }

        struct Header: Sendable, Hashable {
            var name: String
            var value: String
        }

        var origin: Origin
        var target: TargetText
        var headers: [Header] = []
        /// nil: as long as the cycle.
        var timeout: Duration?
        var handlers: [ResponseHandler] = [.json]
        /// Whether a first page that isn't there (404) means that there is nothing: the service lacks that part.
        var isOptional = false
        /// Where the entries stand; nil takes the first key.
        var entries: AttributePath?
        /// Where the next page's URL or command stands.
        var nextPage: AttributePath?
    }

    /// A pollster of several meters: each item of a list in an entry gives one.
    struct Submetrics: Sendable, Hashable {
        /// The list's key.
        var list: String
        /// The key whose value ends the meter's name.
        var name: String
    }

    struct Mapping: Sendable, Hashable {
        var from: ExpressionValue
        var to: ExpressionValue
    }

    struct MetadataField: Sendable, Hashable {
        var path: AttributePath
        /// One name, or two where the mapped one stands besides the first.
        var names: [String]
    }

    /// More metadata, which further requests fetch.
    struct Extra: Sendable, Hashable {
        var definitions: [DynamicDefinition]
        /// Entries that agree with one of these go without.
        var skipped: [ExpressionValue]
    }

    package let name: String
    package let place: Mistake.Place
    package let namespaces: Set<String>
    /// Its name is the definition's; with submetrics, only the first part of those of samples.
    package let meter: Meter
    let request: Request
    var submetrics: Submetrics?
    let value: AttributePath
    var skippedValues: [ExpressionValue] = []
    /// nil where values are taken as they are.
    var mapping: [Mapping]?
    var defaultValue = ExpressionValue.integer(-1)
    var metadata: [MetadataField] = []
    var userID: AttributePath? = .key("user_id")
    var projectID: AttributePath? = .key("project_id")
    /// nil: the entry's own `id` or, without one, the pollster's name.
    var resourceID: AttributePath? = .key("id")
    var extra: Extra?
    /// Of its answer, where it is one of the requests for extra metadata.
    var cacheTime = Duration.seconds(3600)
}
