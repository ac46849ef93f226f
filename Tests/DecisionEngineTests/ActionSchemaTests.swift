// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization
import Testing

@Suite struct ActionSchemaTests {
    private let uuid = "d000ef1f-dc19-4982-9383-087498bfde03"

    @Test func whatOurActionsSayIsAllowed() {
        var solution = Solution()
        solution.add(Migrate(instance: uuid, name: "vm", from: "a", to: "b"))
        solution.add(Migrate(instance: uuid, kind: .cold, from: "a"))
        solution.add(Resize(instance: uuid, flavor: "m1.small"))
        solution.add(Stop(instance: uuid))
        solution.add(ChangeServiceState(node: "n", hostname: "a", to: .disabled, reason: "r"))
        solution.add(ChangePowerState(machine: "m", hostname: "a", to: .on))
        solution.add(VolumeMigrate(volume: uuid, name: "v", kind: .migrate, toPool: "p"))
        solution.add(Sleep(duration: 1.5))
        solution.add(Nop(message: nil))
        #expect(solution.actions.compactMap(ActionSchemas.problem) == [])
    }

    @Test(
        arguments: [
            (
                "migrate", ["resource_id": "i", "migration_type": "live", "source_node": "a"],
                "migrate: resource_id \"i\" is no UUID"
            ),
            ("stop", [:], "stop: parameter resource_id is missing; allowed: a text"),
            (
                "sleep", ["duration": -1], "sleep: parameter duration is -1; allowed: a number from 0"
            ),
            (
                "change_node_power_state", ["resource_id": "m", "state": "warm"],
                "change_node_power_state: parameter state is \"warm\"; allowed: one of on, off"
            ),
            (
                "nop", ["message": "x", "n": 1],
                "nop: unknown parameter n; allowed: message, skip_pre_condition, fail_pre_condition, fail_execute, fail_post_condition"
            ),
            (
                "reboot", [:],
                "unknown action reboot; allowed: change_node_power_state, change_nova_service_state, migrate, nop, resize, sleep, stop, volume_migrate"
            ),
        ] as [(String, JSONObject, String)])
    func whatIsNotIsNamed(type: String, parameters: JSONObject, message: String) {
        #expect(ActionSchemas.problem(with: .init(type: type, parameters: parameters)) == message)
    }
}
