// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What suites have in common that try a service's bad nights.
enum Nights {
    static let areWanted = ConditionTrait.enabled(
        if: ProcessInfo.processInfo.environment["HYPSOMETER_FAULT_MATRIX"] == "1",
        "takes minutes: set HYPSOMETER_FAULT_MATRIX=1")
}
