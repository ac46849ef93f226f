// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Optimization

extension RecordedCase {
    /// Whether this is the kind of error that was to come; where the real program crashed, any is.
    func check(_ error: any Error) throws {
        let found =
            switch error {
            case OptimizationError.parameter: "parameter_validation"
            case OptimizationError.efficacy: "efficacy_validation"
            case OptimizationError.modelMissing: "cluster_state"
            case OptimizationError.notFound, is ModelError: "not_found"
            case OptimizationError.reservedWord: "reserved_word"
            case OptimizationError.unsupportedAction: "unsupported_action_type"
            case OptimizationError.invalidValue, is ModelFormatError: "invalid_value"
            case AuditScope.Mistake.wildcardBesideOthers: "wildcard_with_others"
            default: "another"
            }
        guard let expected = errorClass else { throw Failure("an error: \(error)") }
        guard expected == found || expected == "python_crash" else {
            throw Failure("an error of class \(found), expected \(expected): \(error)")
        }
    }

    /// Throws where an error was to come, unless it is a crash of the real program.
    func checkNoErrorWasToCome() throws {
        guard let errorClass, errorClass != "python_crash" else { return }
        throw Failure("no error, expected \(expected["error"]?.json ?? "")")
    }

    /// Does what may fail, and compares its error with the recorded one. Where the real program crashed, any result is
    /// right.
    func checkingErrors(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            if errorClass == "python_crash" { return }
            if error is Failure { throw error }
            try check(error)
        }
    }
}
