// SPDX-License-Identifier: Apache-2.0
package import Pipelines
internal import Settings

extension PublisherRegistration {
    /// A publisher that a plug-in offers.
    package init(of offer: PluginPublisherOffer) {
        self.init(scheme: offer.scheme, options: offer.options ?? []) { url throws(Mistake) in
            do {
                return try offer.make(location: url.location, options: url.options)
            } catch {
                throw Mistake(
                    url.place, "publisher \(url.shown)", found: "refused by its plug-in: \(error)", allowed: "")
            }
        }
        takesAnyOption = offer.options == nil
    }
}
