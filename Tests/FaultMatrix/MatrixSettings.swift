// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the environment says about the fault matrix.
enum MatrixSettings {
    private static let environment = ProcessInfo.processInfo.environment

    /// `HYPSOMETER_FAULT_MATRIX=1`
    static let isWanted = environment["HYPSOMETER_FAULT_MATRIX"] == "1"

    /// `HYPSOMETER_FAULT_REPORT`: a file for the table of what was missing; nil where none is wanted.
    static let reportFile = environment["HYPSOMETER_FAULT_REPORT"]

    /// `HYPSOMETER_FAULT_METERS`: the patterns of the meters to poll, with spaces between them; all, where not said.
    /// `cpu` is left to the source that polls it alone.
    static let meters =
        environment["HYPSOMETER_FAULT_METERS"]?.split(separator: " ").map(String.init) ?? ["!" + Watch.besideMeter]
}
