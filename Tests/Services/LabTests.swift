// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")))
struct LabTests {
    @Test func aServiceAnswersItsAdministrator() async throws {
        try await ServicesLab.shared.up("keystone")
        #expect(try await ServicesLab.shared.environment()["OS_USERNAME"] == "admin")
        #expect(try await ServicesLab.shared.api("GET", "keystone", "/v3/projects").contains("\"projects\""))
    }
}
