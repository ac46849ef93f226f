// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

@Suite struct NotificationFilterTests {
    private let notification = Notification(
        publisherID: "nova-compute:cn1", eventType: "instance.update",
        payload: ["state": "active", "count": 3, "data": ["nested": "TEST"]])

    @Test(arguments: [
        ("^nova-.*", true), ("nova", true), ("compute", false), ("", true), ("n.va", true),
    ])
    func aPatternIsSoughtAtTheBegin(pattern: String, passes: Bool) throws {
        #expect(try NotificationFilter(publisherID: .pattern(pattern)).matches(notification) == passes)
    }

    @Test func allRulesMustPass() throws {
        let both = NotificationFilter(publisherID: .pattern("nova"), eventType: .pattern("service"))
        #expect(try !both.matches(notification))
        #expect(try NotificationFilter().matches(notification))
    }

    @Test func nothingPassesNoPattern() throws {
        let nobody = Notification(publisherID: nil, eventType: nil, payload: .null)
        #expect(try !NotificationFilter(publisherID: .pattern(".*")).matches(nobody))
        #expect(try !NotificationFilter(context: .pattern(".*")).matches(notification))
    }

    @Test func oneLevelOfKeysAcceptsWhatDoesNotMatch() throws {
        #expect(try !NotificationFilter(payload: .keys(["state": .pattern("act")])).matches(notification))
        #expect(try NotificationFilter(payload: .keys(["state": .pattern("err")])).matches(notification))
        #expect(try !NotificationFilter(payload: .keys(["count": .pattern("9")])).matches(notification))
        #expect(try NotificationFilter(payload: .keys([:])).matches(notification))
    }

    @Test func twoLevelsReadAsExpected() throws {
        func filter(_ pattern: String) -> NotificationFilter {
            NotificationFilter(payload: .keys(["data": .keys(["nested": .pattern(pattern)])]))
        }
        #expect(try filter("^T.*").matches(notification))
        #expect(try !filter("^X.*").matches(notification))
    }

    @Test func whatIsNoPatternIsAnError() {
        #expect(throws: (any Error).self) {
            try NotificationFilter(publisherID: .pattern("(")).matches(notification)
        }
    }
}
