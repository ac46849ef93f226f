// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@Suite struct SampleTests {
    private let cpu = Meter("cpu", .cumulative, unit: "ns")
    private let resource = Resource(
        id: "33d5cd7f-1a9e-5441-9745-684abca72a31", projectID: "295a", userID: "1117",
        metadata: ["display_name": "vm-1"])
    private let cycle = PollingCycle(
        number: 1, timestamp: Timestamp(microseconds: 1_795_231_010_035_734), deadline: .now, meters: ["cpu"],
        sampleSource: "west")

    @Test func takesNameKindAndUnitOfItsMeter() {
        let sample = Sample(cpu, 1234, of: resource, in: cycle)
        #expect(sample.name == "cpu")
        #expect(sample.kind == .cumulative)
        #expect(sample.unit == "ns")
        #expect(sample.volume == 1234)
    }

    @Test func takesIdentityAndMetadataOfItsResource() {
        let sample = Sample(cpu, 1234, of: resource, in: cycle)
        #expect(sample.resourceID == "33d5cd7f-1a9e-5441-9745-684abca72a31")
        #expect(sample.projectID == "295a")
        #expect(sample.userID == "1117")
        #expect(sample.resourceMetadata == ["display_name": "vm-1"])
    }

    @Test func takesTimeAndSourceOfItsCycle() {
        let sample = Sample(cpu, 1234, of: resource, in: cycle)
        #expect(sample.timestamp == cycle.timestamp)
        #expect(sample.source == "west")
    }

    @Test func knowsWhenItWasReadWhereThatIsKnown() {
        let instant = MonotonicTime(nanoseconds: 1_562_500_160_917)
        #expect(Sample(cpu, 0, of: resource, in: cycle, readAt: instant).monotonicTime == instant)
        #expect(Sample(cpu, 0, of: resource, in: cycle).monotonicTime == nil)
    }

    @Test func everySampleHasAnIDOfItsOwn() {
        #expect(Sample(cpu, 0, of: resource, in: cycle).id != Sample(cpu, 0, of: resource, in: cycle).id)
    }

    @Test func kindsAreCeilometersWords() {
        #expect(Meter.Kind.allCases.map(\.rawValue) == ["cumulative", "delta", "gauge"])
    }
}
