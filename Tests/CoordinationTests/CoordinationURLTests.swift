// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing
import WebClient

@testable import Coordination

struct CoordinationURLTests {
    private func url(_ text: String) throws -> CoordinationURL {
        try CoordinationURL(text, place: .init("a.conf", line: 3))
    }

    @Test func severalHostsAreEachAServer() throws {
        #expect(try url("etcd3+http://a,b:23790/").servers == ["http://a:2379", "http://b:23790"])
        #expect(try url("etcd3://[::1]:2379").servers == ["http://[::1]:2379"])
    }

    @Test func aUserComesWithAPasswordThatIsNotShown() throws {
        let url = try url("etcd3+https://root:p%40ss@etcd.example:2379?ca_cert=/etc/ca.pem")
        #expect(url.user == "root" && url.password == "p@ss" && url.trust.authorities == "/etc/ca.pem")
        #expect("\(url)" == "https://etcd.example:2379")
    }

    @Test(arguments: [
        ("zookeeper://a", "\"zookeeper://a\", which names no etcd"),
        ("etcd3+http://a/b", "a path after the hosts"),
        ("etcd3+http://a:x", "\"a:x\", which is no host[:port]"),
        ("etcd3+http://", "\"\", which is no host[:port]"),
        ("etcd3+http://user@a", "a user without a password"),
        ("etcd3+http://a?ca_cert=/x", "certificates for http"),
        ("etcd3+https://a?cert_key=/x", "half of a certificate"),
        ("etcd3+https://a?timeout=3", "option \"timeout\""),
    ])
    func whatIsWrongIsSaid(_ text: String, _ found: String) throws {
        let mistake = #expect(throws: Mistake.self) { try url(text) }
        #expect(mistake?.found == found)
        #expect("\(try #require(mistake))".hasPrefix("a.conf:3: [coordination] backend_url: "))
    }
}
