// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Settings

/// The queue of one URL of a pipeline, made or taken over from a pipeline before it.
struct FoundQueue {
    var queue: PublisherQueue
    /// What takes its batches to another host from now on.
    var sender: (any Sender)?
    private var identity: String

    /// The queue of a URL among those found, which it joins where it is a new one.
    ///
    /// Those that lead to another host are one by where they lead to: what waits in the spool waits for that place.
    static func index(
        of url: PublisherURL, in found: inout [FoundQueue], _ publishers: [PublisherRegistration], _ spool: Spool?,
        reusing old: [PublisherQueue], _ log: Logger
    ) throws(Mistake) -> Int {
        let made = try publishers.make(url)
        let identity = publishers.identity(of: url)
        switch made {
        case .local(let publisher):
            if let index = found.firstIndex(where: { $0.identity == identity }) { return index }
            let queue =
                old.first { $0.identity == identity }
                ?? PublisherQueue(name: url.shown, identity: identity, publisher: publisher, log: log)
            found.append(FoundQueue(queue: queue, identity: identity))
        case .remote(let sender):
            let place = sender.destination ?? url.destination
            if let index = found.firstIndex(where: { $0.queue.identity == place }) {
                guard found[index].identity == identity else {
                    throw Mistake(
                        url.place, "publisher \(url.shown)",
                        found: "a second one that leads to the same place in another way",
                        allowed: "the same user, password and options wherever it is named")
                }
                return index
            }
            let queue =
                old.first { $0.identity == place }
                ?? PublisherQueue(
                    name: place, identity: place, publisher: Outbox(to: place, by: sender, spool: spool, log: log),
                    log: log)
            found.append(FoundQueue(queue: queue, sender: sender, identity: identity))
        }
        return found.count - 1
    }
}
