// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// Which of a user's own metadata go into samples.
package struct ReservedMetadata: Sendable, Hashable {
    static let namespaceSetting = Setting(
        "reserved_metadata_namespace", in: "DEFAULT", default: ["metering."],
        help: "What the names of a user's metadata begin with that go into samples, without that beginning.")

    static let keysSetting = Setting(
        "reserved_metadata_keys", in: "DEFAULT", default: [],
        help: "Further names of a user's metadata that go into samples.")

    static let lengthSetting = Setting(
        "reserved_metadata_length", in: "DEFAULT", default: 256, 0...65_536,
        help: "Characters of each that are kept.")

    static let settings = [AnySetting(namespaceSetting), AnySetting(keysSetting), AnySetting(lengthSetting)]

    var prefixes = ["metering."]
    var keys: [String] = []
    var length = 256

    package init() {}

    init(_ configuration: Configuration) throws(Mistake) {
        prefixes = try configuration.value(Self.namespaceSetting)
        keys = try configuration.value(Self.keysSetting)
        length = try configuration.value(Self.lengthSetting)
    }

    /// nil where there is none.
    func metadata(of value: ExpressionValue) -> Metadata? {
        guard case .dictionary(let entries) = value else { return nil }
        var metadata = Metadata()
        for entry in entries {
            if let prefix = prefixes.first(where: { entry.key.hasPrefix($0) }) {
                let name = entry.key.dropFirst(prefix.count).replacing(".", with: "_")
                metadata[String(name)] = shortened(entry.value)
            } else if keys.contains(entry.key) {
                metadata[entry.key] = shortened(entry.value)
            }
        }
        return metadata.isEmpty ? nil : metadata
    }

    private func shortened(_ value: ExpressionValue) -> Metadata.Value {
        if case .string(let text) = value { return .string(String(text.unicodeScalars.prefix(length))) }
        return value.metadataValue
    }
}
