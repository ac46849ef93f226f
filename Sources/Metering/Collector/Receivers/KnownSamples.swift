// SPDX-License-Identifier: Apache-2.0

/// The templates of series that were seen, each found by what came before it the last time, or by its text.
struct KnownSamples: Sendable {
    /// Together they take about so many bytes at most; then all are forgotten, and learned anew.
    private static let room = 256 << 20
    /// Of a template beside its text.
    private static let overhead = 300

    private var templates: [SampleTemplate] = []
    private var byDigest: [UInt64: Int] = [:]
    /// Each text once: most of a sample's is its resource's metadata, which its other meters have as well.
    private var pieces: Set<[UInt8]> = []
    private var size = 0

    /// Who was found last, to be asked who comes next; nil at the beginning of a message.
    struct Trail { var last: Int? }

    /// The sample that begins at a position, where it is like the one expected there.
    func expected(
        _ bytes: UnsafeRawBufferPointer, at position: Int, _ trail: inout Trail
    ) -> (arrival: Arrival, end: Int)? {
        guard let last = trail.last, templates.indices.contains(last) else { return nil }
        let index = templates[last].next
        guard let match = templates[index].match(bytes, at: position) else { return nil }
        trail.last = index
        return match
    }

    /// The sample of an outline, where its text is known.
    mutating func known(
        _ bytes: UnsafeRawBufferPointer, _ outline: SampleOutline, _ trail: inout Trail
    ) -> Arrival? {
        guard let index = byDigest[outline.digest],
            let match = templates[index].match(bytes, at: outline.range.lowerBound),
            match.end == outline.range.upperBound
        else { return nil }
        follow(index, &trail)
        return match.arrival
    }

    /// - Parameter arrival: what the decoder made of the outline's text.
    mutating func learn(
        _ bytes: UnsafeRawBufferPointer, _ outline: SampleOutline, _ arrival: Arrival, _ trail: inout Trail
    ) {
        var template = SampleTemplate(outline, in: bytes, arrival)
        // What a template reads must be what the decoder read, or it is not one.
        guard let match = template.match(bytes, at: outline.range.lowerBound), match.arrival == arrival else { return }
        if size > Self.room { self = KnownSamples() }
        size += Self.overhead
        template.pieces = template.pieces.map { piece in
            let (isNew, kept) = pieces.insert(piece)
            if isNew { size += piece.count }
            return kept
        }
        templates.append(template)
        byDigest[outline.digest] = templates.count - 1
        follow(templates.count - 1, &trail)
    }

    private mutating func follow(_ index: Int, _ trail: inout Trail) {
        if let last = trail.last, templates.indices.contains(last) { templates[last].next = index }
        trail.last = index
    }
}
