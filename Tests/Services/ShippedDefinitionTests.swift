// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The definitions that come with the program, against real services.
@Suite(.enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized)
struct ShippedDefinitionTests {
    private struct Line: Decodable {
        var name: String
        var unit: String
        var volume: Double
        var resource_id: String
        var project_id: String?
    }

    private struct Facts: Decodable {
        struct Image: Decodable {
            var id: String
            var size: Double?
        }

        struct Cinder: Decodable {
            var volumes: [String: Double]
            var snapshots: [String: Double]
            var backups: [String: Double]
        }

        var images: [String: Image]
        var cinder: Cinder
        struct Account: Decodable {
            var containers: Double
            var objects: Double
            var bytes: Double
        }

        var addresses: [String: Int]
        var accounts: [String: Account]

        enum CodingKeys: String, CodingKey {
            case images = "glance.images"
            case cinder
            case addresses = "neutron.floatingips"
            case accounts = "swift.accounts"
        }
    }

    private static let definitions = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../conf/pollsters.d").standardized

    private let directory: TemporaryDirectory
    private let facts: Facts

    init() async throws {
        try await ServicesLab.shared.up("keystone", "glance", "swift", "cinder", "neutron")
        let needed = ["glance.images", "swift.accounts", "cinder", "neutron.floatingips"]
        let known = (try? ServicesLab.shared.facts()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        if !needed.allSatisfy({ known.contains("\"\($0)\"") }) {
            try await ServicesLab.shared.seed("keystone", "glance", "swift", "cinder", "neutron")
        }
        facts = try JSONDecoder().decode(Facts.self, from: try ServicesLab.shared.facts())
        directory = try TemporaryDirectory()
        try directory.write("", to: "hypsometer.conf")
        try FileManager.default.createSymbolicLink(
            atPath: directory("pollsters.d"), withDestinationPath: Self.definitions.path)
    }

    /// What one poll of the central namespace prints.
    private func poll(_ patterns: String...) async throws -> [Line] {
        let environment = try await ServicesLab.shared.environment()
        let arguments =
            ["--config-file", directory("hypsometer.conf"), "--test", "--polling-namespaces", "central"]
            + (patterns.isEmpty ? [] : ["--pollster-list"] + patterns)
        let (status, output, error) = try await onThread {
            try Shell.run(RunningAgent.executable.path, arguments, environment: environment)
        }
        #expect(status == 0, "\(error)")
        return try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test func sizesAreThoseThatWereMade() async throws {
        let lines = try await poll()
        func volumes(_ name: String) -> [String: Double] {
            Dictionary(lines.filter { $0.name == name }.map { ($0.resource_id, $0.volume) }) { first, _ in first }
        }
        let images = facts.images.values
        #expect(
            volumes("image.size") == Dictionary(images.compactMap { image in image.size.map { (image.id, $0) } }) { $1 }
        )
        #expect(volumes("image") == Dictionary(images.map { ($0.id, 1) }) { $1 })
        #expect(volumes("volume.size") == facts.cinder.volumes)
        #expect(volumes("volume.snapshot.size") == facts.cinder.snapshots)
        #expect(volumes("volume.backup.size") == facts.cinder.backups)
        #expect(lines.filter { $0.name == "volume.size" }.allSatisfy { $0.unit == "GiB" && $0.project_id != nil })
        #expect(volumes("volume.service.health").values.allSatisfy { $0 == 1 })
    }

    @Test func addressesAreCountedByTheirProjectsWithTheirStatus() async throws {
        let lines = try await poll("ip.floating")
        let counts = Dictionary(grouping: lines) { $0.project_id ?? "" }.mapValues(\.count)
        #expect(counts == facts.addresses)
        #expect(lines.allSatisfy { $0.volume == 3 }, "DOWN, as nothing is behind them")
    }

    @Test func onlyThePollstersChosenArePolled() async throws {
        let lines = try await poll("image", "volume.s*")
        let names = Set(lines.map(\.name))
        #expect(names == ["image", "volume.size", "volume.snapshot.size", "volume.service.health"])
    }

    @Test(.timeLimit(.minutes(2))) func theExampleOfTheDocumentationPollsThoseMetersAndNoOthers() async throws {
        // Sums reach an account some seconds after its objects.
        while true {
            let lines = try await poll("image", "image.size", "storage.*")
            let names = Set(lines.map(\.name))
            #expect(
                names == [
                    "image", "image.size", "storage.objects", "storage.objects.size", "storage.objects.containers",
                    "storage.containers.objects", "storage.containers.objects.size",
                ])
            func volumes(_ name: String) -> [String: Double] {
                Dictionary(lines.filter { $0.name == name }.map { ($0.resource_id, $0.volume) }) { first, _ in first }
            }
            let isWhole = facts.accounts.allSatisfy { id, account in
                volumes("storage.objects")[id] == account.objects
                    && volumes("storage.objects.size")[id] == account.bytes
                    && volumes("storage.objects.containers")[id] == account.containers
            }
            if isWhole { return }
            try await Task.sleep(for: .seconds(1))
        }
    }
}
