// SPDX-License-Identifier: Apache-2.0
import Digests
import Telemetry
import Testing
import Wire

/// `message_signature`: the digests are those of Ceilometer's own code over the same messages.
@Suite struct SignatureTests {
    private static func signer(_ secret: String) -> MessageSigner {
        let key = HMACSHA256(key: secret)
        return MessageSigner { key.digest(of: $0) }
    }

    private let signer = Self.signer("change this for valid signing")

    private func message(_ json: String) throws -> WireValue {
        try WireValue(json: Array(json.utf8), within: WireLimits(bytes: 10_000))
    }

    private func signature(_ message: WireValue, _ signer: MessageSigner) throws -> String {
        guard case .object(let entries) = message else { throw WireError("message", found: "no object", allowed: "") }
        return signer.signature(of: entries)
    }

    private let metering = """
        {"source":"openstack","counter_name":"cpu","counter_type":"cumulative","counter_unit":"ns","counter_volume":1234,\
        "user_id":"u1","user_name":null,"project_id":"p1","project_name":null,"resource_id":"r1",\
        "timestamp":"2015-12-02T10:00:00.123456",\
        "resource_metadata":{"cpu_number":2,"list":["a",{"b":1}],"n":null,"e":{}},\
        "message_id":"11111111-1111-1111-1111-111111111111","monotonic_time":1.5}
        """

    @Test func signsAMeteringMessage() throws {
        #expect(
            try signature(message(metering), signer)
                == "efa705ab29bd65ce546fd7e0bb0c60162046a3b9c0dbe4aa97d6ee3de3d3146e")
    }

    @Test func signsThePublisherToo() throws {
        let message = try message(metering.dropLast() + ",\"publisher_id\":\"host1\"}")
        #expect(try signature(message, signer) == "4191b159426c1d78beaf85d207e387315e1e25def8fc13537237ba3cd322b985")
    }

    private let oddities = """
        {"a":1,"b":null,"c":true,"d":1.5,"e":"é","f":["x",1,null,{"z":"q","y":2.0}],"g":{},\
        "h":{"k":"v","j":[],"i":{"n":0.1}},"A":100000000000000000000,"l":1e22,"m":-0.0,"n":5e-324,\
        "message_signature":"zz","i":{"message_signature":"x"}}
        """

    @Test func writesEveryKindOfValueAsPythonDoes() throws {
        #expect(
            try signature(message(oddities), Self.signer("secret"))
                == "b0aab79c13d8d8798e209a1144bbb8f7099c79d35541ffc713524101551bc21e")
    }

    @Test func theOrderOfKeysDoesNotMatter() throws {
        guard case .object(let entries) = try message(oddities) else { return }
        #expect(signer.signature(of: entries.reversed()) == signer.signature(of: entries))
    }

    /// What Ceilometer 6 signs: fewer keys, and texts in lists written otherwise.
    private let mitaka = """
        {"source":"openstack","counter_name":"cpu","counter_type":"cumulative","counter_unit":"ns","counter_volume":1234,\
        "user_id":"u1","project_id":"p1","resource_id":"r1","timestamp":"2015-12-02T10:00:00.123456",\
        "resource_metadata":{"cpu_number":2,"list":["a",{"b":1}],"n":null,"e":{}},\
        "message_id":"11111111-1111-1111-1111-111111111111",\
        "message_signature":"e3ece12910259b25e8de2a5c9fd817d85a934173a8108b57f5dfe4ec76a7b570"}
        """

    @Test func theSignatureOfAnOlderVersionHoldsToo() throws {
        let message = try message(mitaka)
        #expect(signer.verifies(message))
        #expect(try signature(message, signer) != "e3ece12910259b25e8de2a5c9fd817d85a934173a8108b57f5dfe4ec76a7b570")
    }

    /// `hmac` over the list as Python 3 writes `[b'é', b"it's"]`, Python 2 `['é', "it's"]` in UTF-8, and Python 3 without
    /// bytes.
    @Test(arguments: [
        "28482b82c2ab86d418d2e891135ff7d4ee4babea814a515758cbc1b10aded576",
        "e7b33ca26ee444efc05349e583888cc53f98bbc49c9888089bc1629c9ea06c13",
        "0cccbdadd1508e9bea627d6cc6c9f9ec466a3ba1adc2b09bfef83437cc501c6b",
    ])
    func textsInListsMayBeWrittenInThreeWays(signature: String) throws {
        let list =
            "{\"list\":[\"é\",\"it's\",\"a\\n\\u200b\",{\"b\":[true,2.0]}],\"message_signature\":\"\(signature)\"}"
        #expect(signer.verifies(try message(list)))
    }

    @Test(arguments: [
        ("1234", "1235"), ("\"r1\"", "\"r2\""), ("\"cpu_number\":2", "\"cpu_number\":2.0"),
        ("null,\"e\"", "\"\",\"e\""),
        ("e3ece", "f3ece"), ("a7b570\"", "a7b57\""),
        ("\"e3ece12910259b25e8de2a5c9fd817d85a934173a8108b57f5dfe4ec76a7b570\"", "\"\""),
        ("\"e3ece12910259b25e8de2a5c9fd817d85a934173a8108b57f5dfe4ec76a7b570\"", "null"),
        (",\"message_sig", ",\"other_sig"),
    ])
    func whatWasChangedDoesNotVerify(part: String, changed: String) throws {
        #expect(mitaka.contains(part))
        #expect(!signer.verifies(try message(mitaka.replacing(part, with: changed))))
    }

    @Test func anotherSecretDoesNotVerify() throws {
        #expect(!Self.signer("another").verifies(try message(mitaka)))
        #expect(!signer.verifies(.string("no object")))
    }

    @Test(arguments: [MeteringMessages.Keys.current, .twelve]) func ourOwnMessagesVerify(keys: MeteringMessages.Keys)
        throws
    {
        let metadata: Metadata = [
            "display_name": "größer",
            "list": .array(["a", 1.5, nil, .object(["z": true, "a": 9_100_000_000_000_000.0])]),
            "none": nil, "flavor": .object(["id": "1", "extra": .object([:]), "ram": 9_100_000_000_000_000.0]),
        ]
        let cycle = PollingCycle(number: 1, deadline: .now, meters: [])
        let samples = [0.5, 9_100_000_000_000_000.0, 1e16, 1e-7].map { volume in
            Sample(
                Meter("cpu", .gauge, unit: ""), Volume(volume), of: Resource(id: "r", userID: "u", metadata: metadata),
                in: cycle, readAt: .now)
        }
        var messages = MeteringMessages(keys: keys, publisherID: "host1", signer: signer)
        for bytes in messages.json(samples) + messages.json(samples) {
            #expect(signer.verifies(try WireValue(json: bytes, within: WireLimits(bytes: 10_000))))
        }
        for bytes in messages.messagePack(samples) {
            #expect(signer.verifies(try WireValue(messagePack: bytes, within: .datagram)))
        }
    }
}
