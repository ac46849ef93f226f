// SPDX-License-Identifier: Apache-2.0
package import Settings
package import Telemetry

/// How a publisher of events is found: the scheme of its URLs, the options they take, and how one is made.
package struct EventPublisherRegistration: Sendable {
    package var scheme: String
    package var options: Set<String>
    private let making: @Sendable (PublisherURL) throws(Mistake) -> any EventPublisher

    /// - Parameter make: makes one, checking the URL; touches nothing outside yet.
    package init(
        scheme: String, options: Set<String>,
        make: @escaping @Sendable (PublisherURL) throws(Mistake) -> any EventPublisher
    ) {
        self.scheme = scheme
        self.options = options
        making = make
    }

    fileprivate func make(_ url: PublisherURL) throws(Mistake) -> any EventPublisher {
        for option in url.options.keys.sorted() where !options.contains(option) {
            throw Mistake(url.place, "publisher \(url.shown), options", unknown: option, among: options)
        }
        return try making(url)
    }
}

extension [EventPublisherRegistration] {
    /// What a URL names.
    package func make(_ url: PublisherURL) throws(Mistake) -> any EventPublisher {
        guard let registration = first(where: { $0.scheme == url.scheme }) else {
            throw Mistake(
                url.place, "publishers of events", unknown: "\(url.scheme)://", among: map { "\($0.scheme)://" })
        }
        return try registration.make(url)
    }
}
