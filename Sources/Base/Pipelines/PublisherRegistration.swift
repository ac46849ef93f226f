// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import Settings
package import Telemetry

/// What stands behind a publisher's URL.
package enum MadePublisher: Sendable {
    /// Takes samples at once, or has nobody to wait for.
    case local(any Publisher)
    /// Leads to another host, which may be away: samples wait for it in the spool.
    case remote(any Sender)
}

/// How a publisher is found: the scheme of its URLs, the options they take, and how one is made.
package struct PublisherRegistration: Sendable {
    package var scheme: String
    package var options: Set<String>
    /// Whether options are not known beforehand, as those of a plug-in that could not be asked.
    package var takesAnyOption = false
    /// Whether its samples are spooled.
    package let isRemote: Bool
    /// Tells publishers of one URL apart whose settings differ.
    package var variant = 0
    private let making: @Sendable (PublisherURL) throws(Mistake) -> MadePublisher

    /// - Parameter make: makes one, checking the URL; touches nothing outside yet.
    package init(
        scheme: String, options: Set<String>, make: @escaping @Sendable (PublisherURL) throws(Mistake) -> any Publisher
    ) {
        self.scheme = scheme
        self.options = options
        isRemote = false
        making = { url throws(Mistake) in .local(try make(url)) }
    }

    /// - Parameter sender: makes one, checking the URL; touches nothing outside yet.
    package init(
        scheme: String, options: Set<String>, sender: @escaping @Sendable (PublisherURL) throws(Mistake) -> any Sender
    ) {
        self.scheme = scheme
        self.options = options
        isRemote = true
        making = { url throws(Mistake) in .remote(try sender(url)) }
    }

    fileprivate func make(_ url: PublisherURL) throws(Mistake) -> MadePublisher {
        for option in url.options.keys.sorted() where !takesAnyOption && !options.contains(option) {
            throw Mistake(url.place, "publisher \(url.shown), options", unknown: option, among: options)
        }
        return try making(url)
    }
}

extension [PublisherRegistration] {
    /// What a URL names.
    package func make(_ url: PublisherURL) throws(Mistake) -> MadePublisher {
        guard let registration = registration(of: url) else {
            // Shown even where they are many: nothing else lists them.
            let known = map { "\($0.scheme)://" }.sorted()
            throw Mistake(
                url.place, "publishers", found: "unknown name \("\(url.scheme)://".quoted)",
                allowed: "one of \(known.joined(separator: ", "))", near: NearNames.of("\(url.scheme)://", among: known)
            )
        }
        return try registration.make(url)
    }

    /// Equal for URLs that lead to the same place in the same way. Not for messages: it holds passwords.
    func identity(of url: PublisherURL) -> String { "\(registration(of: url)?.variant ?? 0) \(url.identity)" }

    /// Whether samples for one of a pipeline's publishers are spooled.
    package func needSpool(for definition: PipelineDefinition) -> Bool {
        definition.sinks.flatMap(\.publishers).contains { registration(of: $0)?.isRemote == true }
    }

    private func registration(of url: PublisherURL) -> PublisherRegistration? { first { $0.scheme == url.scheme } }
}
