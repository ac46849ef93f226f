// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Writes samples as Ceilometer's metering messages, `{"source": …, "counter_name": …}`, signed where there is a signer,
/// and remembers what it has written of each resource's metadata.
package struct MeteringMessages: Sendable {
    package enum Keys: Sendable {
        /// All that Ceilometer has sent since its 9.0.
        case current
        /// The twelve of the releases before: no names of users and projects, and no monotonic time.
        case twelve
    }

    /// Of one resource, as each format wants them.
    private struct Texts {
        var json: [UInt8]
        var messagePack: [UInt8]
        var signature: [UInt8]
    }

    private let keys: Keys
    private let publisherID: String?
    private let signer: MessageSigner?
    private var metadata = MetadataTexts<Texts>()

    /// - Parameter publisherID: who sends it, as the TCP publisher adds it.
    /// - Parameter signer: nil leaves the signature empty.
    package init(keys: Keys = .current, publisherID: String? = nil, signer: MessageSigner?) {
        self.keys = keys
        self.publisherID = publisherID
        self.signer = signer
    }

    /// A JSON object for each sample.
    package mutating func json(_ samples: [Sample]) -> [[UInt8]] {
        defer { metadata.nextBatch() }
        return samples.map { sample in
            let texts = texts(of: sample)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(texts.json.count + 700)
            bytes.append(UInt8(ascii: "{"))
            for (index, (key, value)) in fields(of: sample, texts).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(UInt8(ascii: "\""))
                bytes.append(contentsOf: key.utf8)
                bytes.append("\":")
                switch value {
                case .metadata: bytes.append(contentsOf: texts.json)
                case .text(let text): bytes.appendJSON(text)
                case .volume(let volume): bytes.appendJSON(volume)
                case .seconds(let seconds): bytes.appendJSON(seconds)
                }
            }
            bytes.append(UInt8(ascii: "}"))
            return bytes
        }
    }

    /// A MessagePack map for each sample.
    package mutating func messagePack(_ samples: [Sample]) -> [[UInt8]] {
        defer { metadata.nextBatch() }
        return samples.map { sample in
            let texts = texts(of: sample)
            let fields = fields(of: sample, texts)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(texts.messagePack.count + 700)
            bytes.appendMessagePack(mapOf: fields.count)
            for (key, value) in fields {
                bytes.appendMessagePack(key)
                switch value {
                case .metadata: bytes.append(contentsOf: texts.messagePack)
                case .text(let text): bytes.appendMessagePack(text)
                case .volume(let volume): bytes.appendMessagePack(WireValue(volume))
                case .seconds(let seconds): bytes.appendMessagePack(.real(seconds))
                }
            }
            return bytes
        }
    }

    private enum Field {
        case text(String?)
        case volume(Volume)
        case seconds(Double)
        case metadata
    }

    /// In the order of the message.
    private func fields(of sample: Sample, _ texts: Texts) -> [(key: String, value: Field)] {
        let isCurrent = keys == .current
        var fields: [(key: String, value: Field)] = [
            ("source", .text(sample.source)), ("counter_name", .text(sample.name)),
            ("counter_type", .text(sample.kind.rawValue)), ("counter_unit", .text(sample.unit)),
            ("counter_volume", .volume(sample.volume)), ("user_id", .text(sample.userID)),
        ]
        if isCurrent { fields.append(("user_name", .text(sample.userName))) }
        fields.append(("project_id", .text(sample.projectID)))
        if isCurrent { fields.append(("project_name", .text(sample.projectName))) }
        fields += [
            ("resource_id", .text(sample.resourceID)), ("timestamp", .text(sample.timestamp.description)),
            ("resource_metadata", .metadata), ("message_id", .text(sample.id.description)),
        ]
        if isCurrent {
            fields.append(("monotonic_time", sample.monotonicTime.map { .seconds($0.seconds) } ?? .text(nil)))
        }
        if let publisherID { fields.append(("publisher_id", .text(publisherID))) }
        fields.append(("message_signature", .text(signature(of: fields, texts))))
        return fields
    }

    private func signature(of fields: [(key: String, value: Field)], _ texts: Texts) -> String {
        guard let signer else { return "" }
        var text = SignatureText(.bytes)
        for (key, value) in fields.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            switch value {
            case .metadata: text.append(text: texts.signature)
            case .text(let string): text.append(key, string.map { .string($0) } ?? .null)
            case .volume(let volume): text.append(key, WireValue(volume))
            case .seconds(let seconds): text.append(key, .real(seconds))
            }
        }
        return signer.signature(of: text)
    }

    private mutating func texts(of sample: Sample) -> Texts {
        metadata.text(of: sample) { [signer] metadata in
            let value = WireValue(metadata)
            var texts = Texts(json: [], messagePack: [], signature: [])
            texts.json.appendJSON(metadata)
            texts.messagePack.appendMessagePack(value)
            if signer != nil {
                var text = SignatureText(.bytes)
                text.append([.init("resource_metadata", value)])
                texts.signature = text.bytes
            }
            return texts
        }
    }
}
