// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real agent reads a list of 50,000 volumes, page by page.
@Suite(.timeLimit(.minutes(5))) struct PagedListTests {
    private static let count = 50_000
    private static let page = 1000

    /// One page as Cinder writes it, with about what a volume has there.
    private static func page(after marker: Int, _ host: String) -> String {
        let volumes = (marker..<min(marker + page, count)).map { number in
            """
            {"id": "90339bcb-37be-4dbe-8ac7-\(String(format: "%012d", number))", "status": "available", \
            "size": \(number % 100 + 1), "availability_zone": "nova", "created_at": "2026-11-21T04:39:39.356532", \
            "updated_at": "2026-11-21T04:39:39.628285", "name": "volume-\(number)", "description": null, \
            "volume_type": "__DEFAULT__", "snapshot_id": null, "source_volid": null, "metadata": {}, "links": [], \
            "user_id": "1ca7c5eb80ac44139de84216debb9e05", "bootable": "false", "encrypted": false, \
            "attachments": [], "migration_status": null, "volume_type_id": "e32589b8-6f15-490f-8797-261edfb9e293", \
            "os-vol-tenant-attr:tenant_id": "e0d3e63270384dc89218215b64e49f9e", \
            "os-vol-host-attr:host": "cinder1@lab#pool1"}
            """
        }
        let next = marker + page
        let links =
            next < count
            ? "[{\"rel\": \"next\", \"href\": \"http://\(host)/volumes/detail?marker=\(next)\"}]" : "[]"
        return "{\"volumes\": [\(volumes.joined(separator: ", "))], \"volumes_links\": \(links)}"
    }

    @Test func noneIsLostAndAllAreNeverHeldAtOnce() async throws {
        let server = try HTTPSink(keeps: false) { request in
            let marker = request.path.split(separator: "=").last.flatMap { Int($0) } ?? 0
            return .init(200, body: Self.page(after: marker, request.headers["host"] ?? ""))
        }
        defer { server.stop() }
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            - name: dynamic.volume.size
              sample_type: gauge
              unit: GiB
              value_attribute: size
              url_path: "\(server.url)/volumes/detail"
              module: hypsometer
              authentication_object: NoAuthentication
              response_entries_key: volumes
              next_sample_url_attribute: "volumes_links | filter(lambda v: v.get('rel') == 'next', value) | value[0].get('href')"
              project_id_attribute: "os-vol-tenant-attr:tenant_id"
              metadata_fields: [name, status, volume_type, volume_type_id, availability_zone, "os-vol-host-attr:host",
                migration_status, attachments, snapshot_id, source_volid]

            """, to: "a.yaml")
        let agent = try RunningAgent(
            uri: "test:///default", polling: RunningAgent.polling(every: 300, meters: "dynamic.*"),
            settings: "polling_namespaces = central\n[polling]\npollsters_definitions_dirs = \(directory.path)\n")
        let samples = agent.folder.appending(path: "samples.jsonl")
        // The data alone: a build for tests has three times as many pages of the program's own.
        var most = 0
        while try lines(of: samples) < Self.count {
            try await Task.sleep(for: .milliseconds(50))
            most = max(most, try kibibytes("RssAnon", of: agent.pid, in: "status"))
        }
        let readings = try agent.readings()
        #expect(Set(readings.map(\.resource)).count == Self.count)
        print("50,000 volumes in pages of 1,000: at most \(most / 1024) MiB of data resident")
        #expect(most / 1024 <= 50, "19 is usual; all of them in one page take 209")
        #expect(agent.end().status == 0)
    }

    private func lines(of file: URL) throws -> Int {
        guard let data = try? Data(contentsOf: file, options: .alwaysMapped) else { return 0 }
        return data.count { $0 == UInt8(ascii: "\n") }
    }
}
