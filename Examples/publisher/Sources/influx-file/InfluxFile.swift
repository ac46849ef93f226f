// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit

/// `influx-file:///path`: samples appended to a file in InfluxDB's line protocol.
///
/// `?measurement=name` puts all of them under one measurement; without it each is under its meter's name.
struct InfluxFile: Loadable, Publisher {
    struct NoPath: Error, CustomStringConvertible {
        var description: String { "no absolute path; write influx-file:///path/to/file" }
    }

    private let path: String
    private let measurement: String?

    init(context: PluginContext) throws {
        guard context.location.hasPrefix("/") else { throw NoPath() }
        path = context.location
        measurement = context.urlOptions["measurement"]
    }

    func publish(_ samples: [Sample]) async throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }  // what was to be written has been
        try file.seekToEnd()
        try file.write(contentsOf: Data(samples.map(line).joined().utf8))
    }

    func line(_ sample: Sample) -> String {
        "\(Self.escaped(measurement ?? sample.name)),meter=\(Self.escaped(sample.name)),"
            + "resource=\(Self.escaped(sample.resourceID)) value=\(sample.volume) \(sample.timestamp.microseconds)000\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing(" ", with: "\\ ").replacing(",", with: "\\,").replacing("=", with: "\\=")
            .replacing("\n", with: "\\n")
    }
}

@main struct InfluxFilePlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [
        .publisher("influx-file", options: ["measurement"], InfluxFile.self)
    ]
}
