// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// What `source` and `target` of a transformer say: what a sample is called afterwards, and how its volume is computed.
struct Conversion: Sendable, Hashable {
    /// Samples of other units pass as they are; nil for all units.
    var sourceUnit: String?
    var name = TextMapping()
    var unit = TextMapping()
    /// nil keeps it.
    var kind: Meter.Kind?
    /// Over a sample's fields; nil where the volume is to stay.
    var scale: Expression?
    /// Larger volumes become this one.
    var cap: Volume?
}

/// A conversion at work.
struct Converter: Sendable {
    let conversion: Conversion
    private var names: MappedTexts
    private var units: MappedTexts

    init(_ conversion: Conversion) {
        self.conversion = conversion
        names = MappedTexts(conversion.name)
        units = MappedTexts(conversion.unit)
    }

    func takes(_ sample: Sample) -> Bool { conversion.sourceUnit.map { $0 == sample.unit } ?? true }

    /// What the scale gives for a sample.
    ///
    /// - Parameter unscaled: what holds without a scale.
    func scaled(_ sample: Sample, unscaled: Volume) throws(EvaluationError) -> Volume {
        guard let scale = conversion.scale else { return unscaled }
        return try Volume(try scale.value(in: SampleScope(sample: sample)))
    }

    /// A new sample of the same resource at the same time.
    mutating func converted(_ sample: Sample, volume: Volume) -> Sample {
        var converted = sample
        converted.id = SampleID()
        converted.name = names[sample.name]
        converted.unit = units[sample.unit]
        converted.kind = conversion.kind ?? sample.kind
        converted.volume = capped(volume)
        return converted
    }

    func capped(_ volume: Volume) -> Volume {
        conversion.cap.flatMap { volume.doubleValue > $0.doubleValue ? $0 : nil } ?? volume
    }
}
