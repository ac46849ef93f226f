// SPDX-License-Identifier: Apache-2.0
import Daemon
import Foundation
import Pipelines
import Settings
import Telemetry
import TestSupport
import Testing

@testable import Publishers

/// The agent's endpoint over real sockets, and what is found wrong of its settings.
@Suite(.timeLimit(.minutes(2))) struct ExporterTests {
    private let log = LogMemory()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func options(_ lines: String...) throws -> ExporterOptions? {
        let text = "[polling]\nenable_prometheus_exporter = true\n" + lines.joined(separator: "\n") + "\n"
        return try ExporterOptions(
            Configuration(documents: [INIDocument(path: "h.conf", text: text)], environment: [:]))
    }

    private func line(_ lines: String...) -> String {
        do {
            let text = "[polling]\nenable_prometheus_exporter = true\n" + lines.joined(separator: "\n") + "\n"
            _ = try ExporterOptions(
                Configuration(documents: [INIDocument(path: "h.conf", text: text)], environment: [:]))
            return "good"
        } catch {
            return "\(error)".replacing(directory.path, with: "@DIR@")
        }
    }

    private func exposed(_ count: Int = 1) -> ExposedSamples {
        let exposed = ExposedSamples()
        let samples = (0..<count).map { index in
            Sample(
                Meter("disk.device.read.bytes", .cumulative, unit: "B"), Volume(index),
                of: Resource(id: "vm-\(index)-vda", metadata: ["display_name": "web"]), at: .now)
        }
        exposed.note(PollsterReading(samples, of: "disk", every: 60, isWhole: true))
        return exposed
    }

    private func start(_ options: ExporterOptions?, _ exposed: ExposedSamples) async throws -> PrometheusExporter {
        try await PrometheusExporter.start(#require(options), exposed, figures: { [] }, log: log.logger)
    }

    private func curl(_ arguments: String...) async throws -> String {
        try await onThread {
            let result = try Shell.run("curl", ["-sS", "--max-time", "30"] + arguments)
            return result.output + result.error
        }
    }

    @Test func answersAtEveryAddressAndPath() async throws {
        let exporter = try await start(options("prometheus_listen_addresses = 127.0.0.1:0, [::1]:0"), exposed())
        #expect(exporter.addresses.count == 2)
        for address in exporter.addresses {
            let answer = try await curl("-i", "http://\(address)/metrics")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(answer.contains("ceilometer_disk_device_read_bytes{"))
            #expect(try await curl("http://\(address)/").contains("resource=\"vm-0-vda\""))
        }
        #expect(try await curl("-I", "http://\(exporter.addresses[0])/metrics").hasPrefix("HTTP/1.1 200"))
        #expect(try await curl("-i", "-d", "x", "http://\(exporter.addresses[0])/metrics").contains("405"))
    }

    @Test func tensOfMegabytesComeWhole() async throws {
        let exporter = try await start(options("prometheus_listen_addresses = 127.0.0.1:0"), exposed(60_000))
        let path = directory("page")
        _ = try await curl("-o", path, "http://\(exporter.addresses[0])/metrics")
        let text = try directory.text("page")
        #expect(text.utf8.count > 10_000_000)
        #expect(
            text.split(separator: "\n").filter { $0.hasPrefix("ceilometer_disk_device_read_bytes{") }.count == 60_000)
    }

    @Test func aPortInUseIsSaidAtTheStart() async throws {
        let sink = try HTTPSink()
        let mistake = await #expect(throws: Mistake.self) {
            _ = try await start(options("prometheus_listen_addresses = 127.0.0.1:\(sink.port)"), exposed())
        }
        let text = "\(try #require(mistake))"
        #expect(
            text.hasPrefix(
                "h.conf:3: [polling] prometheus_listen_addresses: \"127.0.0.1:\(sink.port)\", where it can't listen: Address already in use"
            ), "\(text)")
    }

    @Test func speaksTLSWhereAskedTo() async throws {
        let (certificate, key) = (directory("c.pem"), directory("k.pem"))
        let made = try await onThread {
            try Shell.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
                ])
        }
        try #require(made.status == 0, "\(made.error)")
        let exporter = try await start(
            options(
                "prometheus_listen_addresses = 127.0.0.1:0", "prometheus_tls_enable = true",
                "prometheus_tls_certfile = \(certificate)", "prometheus_tls_keyfile = \(key)"), exposed())
        #expect(try await curl("--cacert", certificate, "https://\(exporter.addresses[0])/").contains("ceilometer_"))
        #expect(try await !curl("http://\(exporter.addresses[0])/").contains("ceilometer_"))
        #expect(
            line("prometheus_tls_enable = true", "prometheus_tls_certfile = \(key)", "prometheus_tls_keyfile = \(key)")
                .contains("prometheus_tls_certfile: \"@DIR@/k.pem\", which holds no certificate"))
    }

    @Test func mistakesAreNamed() throws {
        #expect(try ExporterOptions(Configuration(documents: [], environment: [:])) == nil)
        #expect(
            line("prometheus_listen_addresses = 127.0.0.1")
                == "h.conf:3: [polling] prometheus_listen_addresses: \"127.0.0.1\"; allowed: host:port or [IPv6 "
                + "address]:port, the port from 0 to 65535, with commas between them")
        #expect(line("prometheus_listen_addresses = ::1:9101").contains("\"::1:9101\""))
        #expect(line("prometheus_listen_addresses =").contains("no address"))
        #expect(
            line("prometheus_tls_enable = true")
                == "h.conf:3: [polling] prometheus_tls_certfile: nothing; allowed: a PEM file, as prometheus_tls_enable is true"
        )
        #expect(
            line("prometheus_tls_enable = true", "prometheus_tls_certfile = /nosuch").contains(
                "\"/nosuch\", which cannot be read: No such file"))
    }
}
