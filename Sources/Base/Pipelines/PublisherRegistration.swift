// SPDX-License-Identifier: Apache-2.0
package import Settings
package import Telemetry

/// How a publisher is found: the scheme of its URLs, the options they take, and how one is made.
package struct PublisherRegistration: Sendable {
    package var scheme: String
    package var options: Set<String>
    /// Makes one, checking the URL; touches nothing outside yet.
    package var make: @Sendable (PublisherURL) throws(Mistake) -> any Publisher

    package init(
        scheme: String, options: Set<String>, make: @escaping @Sendable (PublisherURL) throws(Mistake) -> any Publisher
    ) {
        self.scheme = scheme
        self.options = options
        self.make = make
    }
}

extension [PublisherRegistration] {
    /// The publisher that a URL names.
    package func make(_ url: PublisherURL) throws(Mistake) -> any Publisher {
        guard let registration = first(where: { $0.scheme == url.scheme }) else {
            throw Mistake(url.place, "publishers", unknown: "\(url.scheme)://", among: map { "\($0.scheme)://" })
        }
        for option in url.options.keys.sorted() where !registration.options.contains(option) {
            throw Mistake(url.place, "publisher \(url.shown), options", unknown: option, among: registration.options)
        }
        return try registration.make(url)
    }
}
