// SPDX-License-Identifier: Apache-2.0
import CNettle
import ClusterModel
import ModelCollectors

/// A model's lists, its resources and its text.
enum ModelCase {
    static func run(_ recorded: RecordedCase) throws {
        let xml = try recorded.text("input_model_xml")
        let model = try ModelRoot(xml: xml)
        try Failure.unless(
            .array(model.list().map(JSONValue.object)), is: recorded.expected["to_list"], "the list")

        var used = JSONObject()
        var free = JSONObject()
        var capacity = JSONObject()
        for node in model.nodeIDs {
            let uuid = model[node].uuid
            let taken = model.used(of: node)
            used[uuid] = [
                "vcpu": .integer(taken.vcpus), "memory": .integer(taken.memory), "disk": .integer(taken.disk),
            ]
            free[uuid] = json(model.free(of: node))
            capacity[uuid] = json(model[node].capacity)
        }
        try Failure.unless(.object(used), is: recorded.expected["used"], "used resources")
        try Failure.unless(.object(free), is: recorded.expected["free"], "free resources")
        try Failure.unless(.object(capacity), is: recorded.expected["capacity"], "capacities")
        try Failure.unless(sha256(model.xml), is: recorded.expected["sha256_of_xml"]?.string, "the XML's digest")
        guard try ModelRoot(json: try JSONValue(parsing: model.text)) == model else {
            throw Failure("the model is another one after a way through JSON")
        }
    }

    private static func json(_ capacity: Capacity) -> JSONValue {
        ["vcpu": .real(capacity.vcpus), "memory": .real(capacity.memory), "disk": .real(capacity.disk)]
    }

    private static func sha256(_ text: String) -> String {
        var context = sha256_ctx()
        nettle_sha256_init(&context)
        let bytes = Array(text.utf8)
        nettle_sha256_update(&context, bytes.count, bytes)
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_sha256_digest(&context, digest.count, &digest)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
