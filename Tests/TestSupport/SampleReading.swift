// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// What tests want to know of a sample that the agent has written as a JSON line.
package struct SampleReading: Sendable, Hashable {
    package var meter: String
    package var resource: String
    package var volume: Double
    /// Of the cycle.
    package var time: Date
    package var status: String?
    package var project: String?
    package var displayName: String?

    package init(meter: String, resource: String, volume: Double, time: Date) {
        self.meter = meter
        self.resource = resource
        self.volume = volume
        self.time = time
    }
}

extension SampleReading {
    private struct Line: Decodable {
        struct Metadata: Decodable {
            var status: String?
            var display_name: String?
        }
        var name: String
        var volume: Double
        var resource_id: String
        var project_id: String?
        var timestamp: String
        var resource_metadata: Metadata
    }

    package init(line: Data) throws {
        let decoded = try JSONDecoder().decode(Line.self, from: line)
        meter = decoded.name
        resource = decoded.resource_id
        volume = decoded.volume
        time = try Date(decoded.timestamp + "Z", strategy: .iso8601WithFraction)
        status = decoded.resource_metadata.status
        project = decoded.project_id
        displayName = decoded.resource_metadata.display_name
    }
}

extension ParseStrategy where Self == Date.ISO8601FormatStyle {
    package static var iso8601WithFraction: Self { .init(includingFractionalSeconds: true) }
}

extension [SampleReading] {
    package func of(_ meter: String, _ resource: String) -> [SampleReading] {
        filter { $0.meter == meter && $0.resource == resource }
    }

    /// The longest time between two of them, in seconds.
    package var longestGap: Double { zip(self, dropFirst()).map { $1.time.timeIntervalSince($0.time) }.max() ?? 0 }
}
