// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `stdout://`: samples on standard output, a line each; `?format=json` for JSON lines instead of columns for people.
actor StandardOutputPublisher: Publisher {
    static let registration = PublisherRegistration(scheme: "stdout", options: ["format"]) { url throws(Mistake) in
        let format = url.options["format"] ?? "human"
        guard format == "human" || format == "json" else {
            throw Mistake(
                url.place, "publisher \(url.shown), option format", unknown: format, among: ["human", "json"])
        }
        return StandardOutputPublisher(isJSON: format == "json")
    }

    private let executor = QueueExecutor(label: "publisher.stdout")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let isJSON: Bool
    private var lines = JSONLines()
    /// Of a batch that could not be written whole: what is still to go out before the batch counts as sent.
    private var rest: (batch: SampleID, bytes: [UInt8])?

    init(isJSON: Bool) { self.isJSON = isJSON }

    func publish(_ samples: [Sample]) throws {
        guard let first = samples.first else { return }
        let bytes: [UInt8]
        if let rest, rest.batch == first.id {
            bytes = rest.bytes
        } else {
            bytes = isJSON ? lines.text(samples) : samples.flatMap { Array((HumanLine.text($0) + "\n").utf8) }
        }
        rest = nil
        let done = writeAll(bytes, to: STDOUT_FILENO)
        guard done == bytes.count else {
            let error = WriteError.last("write to standard output")
            if error.number == EPIPE { throw PublisherGone("\(error)") }
            rest = (first.id, Array(bytes[done...]))
            throw error
        }
    }
}
