// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Telemetry
internal import Wire

/// The words that samples share, each kept once: meters, resources, owners, sources, metadata; and series, which are
/// made of them.
struct Catalog: Sendable {
    struct MeterWord: Hashable, Sendable {
        var name: String
        var kind: Meter.Kind
        var unit: String
    }

    struct Owner: Hashable, Sendable {
        var projectID: String?
        var projectName: String?
        var userID: String?
        var userName: String?
    }

    /// The values of one meter of one resource, from one source, under one owner.
    struct Series: Hashable, Sendable {
        var meter: Int32
        var resource: Int32
        var owner: Int32
        var source: Int32
    }

    var meters = Vocabulary<MeterWord>()
    var resources = Vocabulary<String>()
    var owners = Vocabulary<Owner>()
    var sources = Vocabulary<String>()
    var series = Vocabulary<Series>()
    /// By a digest of the JSON text.
    var metadata = Vocabulary<ShortDigest>()
    /// JSON texts that the database doesn't hold yet.
    private var unsavedTexts: [Int32: [UInt8]] = [:]
    /// The metadata of each series' newest point in blocks.
    var latestMetadata: [Int32: Int32] = [:]
    /// The series of each resource.
    private(set) var seriesOfResource: [Int32: [Int32]] = [:]
    /// The series of each meter.
    private(set) var seriesOfMeter: [Int32: [Int32]] = [:]

    /// Numbers for all that `sample` says beside its reading.
    mutating func arrival(_ sample: Sample) -> Arrival {
        var text: [UInt8] = []
        text.appendJSON(sample.resourceMetadata)
        let point = Point(
            time: sample.timestamp.microseconds, volume: sample.volume, metadata: metadata(text),
            monotonic: sample.monotonicTime.map { Int64(clamping: $0.nanoseconds / 1000) } ?? Point.unknown,
            id: MessageID.digest(sample.id))
        return Arrival(series: series(of: sample), point: point)
    }

    private mutating func series(of sample: Sample) -> Int32 {
        let word = Series(
            meter: meters.id(of: MeterWord(name: sample.name, kind: sample.kind, unit: sample.unit)),
            resource: resources.id(of: sample.resourceID),
            owner: owners.id(
                of: Owner(
                    projectID: sample.projectID, projectName: sample.projectName, userID: sample.userID,
                    userName: sample.userName)),
            source: sources.id(of: sample.source))
        if let known = series.known(word) { return known }
        let id = series.id(of: word)
        list(id, word)
        return id
    }

    private mutating func metadata(_ text: [UInt8]) -> Int32 {
        let digest = ShortDigest(of: text)
        if let known = metadata.known(digest) { return known }
        let id = metadata.id(of: digest)
        unsavedTexts[id] = text
        return id
    }

    /// A JSON text that the database doesn't hold yet; nil for others.
    func unsavedText(_ metadata: Int32) -> [UInt8]? { unsavedTexts[metadata] }

    /// A series that the database held at the start.
    mutating func restore(_ word: Series, id: Int32, latestMetadata: Int32) {
        series.restore(word, id: id)
        list(id, word)
        self.latestMetadata[id] = latestMetadata
    }

    private mutating func list(_ id: Int32, _ word: Series) {
        seriesOfResource[word.resource, default: []].append(id)
        seriesOfMeter[word.meter, default: []].append(id)
    }

    /// Words that the database doesn't hold yet, as rows.
    struct Changes: Sendable {
        var meters: [(Int32, MeterWord)]
        var resources: [(Int32, String)]
        var owners: [(Int32, Owner)]
        var sources: [(Int32, String)]
        var series: [(Int32, Series)]
        var metadata: [(Int32, ShortDigest, text: [UInt8])]
    }

    var changes: Changes {
        Changes(
            meters: meters.unsavedWords, resources: resources.unsavedWords, owners: owners.unsavedWords,
            sources: sources.unsavedWords, series: series.unsavedWords,
            metadata: metadata.unsavedWords.map { ($0, $1, unsavedTexts[$0] ?? []) })
    }

    /// The changes are in the database.
    mutating func markSaved(_ changes: Changes) {
        for (id, _, _) in changes.metadata { unsavedTexts[id] = nil }
        meters.markSaved(changes.meters.count)
        resources.markSaved(changes.resources.count)
        owners.markSaved(changes.owners.count)
        sources.markSaved(changes.sources.count)
        series.markSaved(changes.series.count)
        metadata.markSaved(changes.metadata.count)
    }
}
