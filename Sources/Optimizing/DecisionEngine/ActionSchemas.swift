// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// What each type of action may say, as those who carry actions out demand it.
public enum ActionSchemas {
    private static let resource = Parameter("resource_id", .text(), isRequired: true)
    private static let name = Parameter("resource_name", .text())

    private static func oneOf(_ name: String, _ choices: [String], isRequired: Bool = true) -> Parameter {
        Parameter(name, .text(choices: choices), isRequired: isRequired)
    }

    static let all: [String: [Parameter]] = [
        Migrate.type: [
            resource, name, oneOf("migration_type", ["live", "cold"]),
            Parameter("source_node", .text(), isRequired: true), Parameter("destination_node", .nullable(.text())),
        ],
        Resize.type: [resource, Parameter("flavor", .text(), isRequired: true)],
        Stop.type: [resource],
        ChangeServiceState.type: [
            resource, name, oneOf("state", ["up", "down", "enabled", "disabled"]),
            Parameter("disabled_reason", .text()),
        ],
        ChangePowerState.type: [resource, name, oneOf("state", ["on", "off"])],
        VolumeMigrate.type: [
            resource, name, oneOf("migration_type", ["swap", "retype", "migrate"]),
            Parameter("destination_node", .nullable(.text())), Parameter("destination_type", .nullable(.text())),
        ],
        Sleep.type: [Parameter("duration", .number(minimum: 0), isRequired: true)],
        Nop.type: [Parameter("message", .nullable(.text()), isRequired: true)]
            + ["skip_pre_condition", "fail_pre_condition", "fail_execute", "fail_post_condition"]
            .map { Parameter($0, .boolean) },
    ]

    /// Whose `resource_id` is an instance's or a volume's UUID.
    private static let typesOfUUIDs: Set<String> = [Migrate.type, Resize.type, Stop.type, VolumeMigrate.type]

    /// Why nobody could carry an action out: its type is unknown, or its parameters aren't those of its type. Nil for
    /// one that is as it should be.
    public static func flaw(of action: Solution.ProposedAction) -> String? {
        guard let schema = all[action.type] else {
            return "unknown action \(action.type); allowed: \(all.keys.sorted().joined(separator: ", "))"
        }
        do {
            _ = try schema.effective(action.parameters)
        } catch {
            return "\(action.type): \(error)"
        }
        return nil
    }

    /// Why an action would be refused; nil for one that is as it should be.
    public static func problem(with action: Solution.ProposedAction) -> String? {
        if let flaw = flaw(of: action) { return flaw }
        guard let id = action.resourceID, typesOfUUIDs.contains(action.type), !id.isUUID else { return nil }
        return "\(action.type): resource_id \"\(id)\" is no UUID"
    }
}

extension String {
    /// Five groups of hexadecimal digits.
    fileprivate var isUUID: Bool {
        let groups = split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
