// SPDX-License-Identifier: Apache-2.0
import MessageBus
import Testing

struct BusURLTests {
    @Test func namesSeveralHostsWithUsersOfTheirOwn() throws {
        let url = try BusURL("rabbit://nova:s%40cret@mq1:5673,neutron:other@mq2/openstack?ssl=1")
        #expect(url.hosts.map(\.name) == ["mq1", "mq2"])
        #expect(url.hosts.map(\.port) == [5673, nil])
        #expect(url.hosts.map(\.user) == ["nova", "neutron"])
        #expect(url.hosts.map(\.password) == ["s@cret", "other"])
        #expect(url.virtualHost == "openstack")
        #expect(url.options.map(\.name) == ["ssl"])
    }

    @Test(
        arguments: [
            ("rabbit://h", "/"), ("rabbit://h/", "/"), ("rabbit://h//", "/"), ("rabbit://h/%2F", "/"),
            ("rabbit://h/openstack", "openstack"), ("rabbit://h/a%2Fb", "a/b"), ("rabbit://h/a/b", "a/b"),
        ])
    func readsTheVirtualHost(_ text: String, _ expected: String) throws {
        #expect(try BusURL(text).virtualHost == expected)
    }

    @Test func logsInAsGuestWhereTheURLNamesNobody() throws {
        let url = try BusURL("amqp://[2001:db8::7]:5672")
        #expect(url.hosts.map(\.name) == ["2001:db8::7"])
        #expect(url.hosts.map(\.port) == [5672])
        #expect(url.hosts.map(\.user) == ["guest"])
    }

    @Test func isShownWithoutSecrets() throws {
        let url = try BusURL("rabbit://nova:s3cret@mq1:5673,n:s3cret@[::1]/openstack?ssl_key_file=/s3cret")
        #expect("\(url)" == "rabbit://mq1:5673,[::1]/openstack")
    }

    @Test(
        arguments: [
            ("mq1:5672", "no URL"),
            ("kafka://mq1", "the scheme kafka://"),
            ("rabbit://", "an empty host"),
            ("rabbit://a:b@", "an empty host"),
            ("rabbit://a:b@h1,/v", "an empty host"),
            ("rabbit://h:port", "no port after the host h"),
            ("rabbit://h:70000", "no port after the host h"),
            ("rabbit://a:s3cret%@h", "a password with a % that two digits don't follow"),
            ("rabbit://a:s3cret%2@h", "a password with a % that two digits don't follow"),
            ("rabbit://a:s3cret/x@h", "no port after the host a"),
            ("rabbit://h/v?ssl", "an option without a name or a value"),
            ("rabbit://[::1/v", "[ without ]"),
        ])
    func saysWhatIsWrongAndShowsNoSecret(_ text: String, _ found: String) throws {
        let mistake = try #require(throws: BusMistake.self) { try BusURL(text) }
        #expect(mistake.found == found)
        #expect(!"\(mistake)".contains("s3cret"))
    }
}

struct BusOptionsTests {
    @Test func takesWhatTheURLSays() throws {
        var options = BusOptions()
        try options.take(
            BusURL(
                "rabbit://h/?ssl_ca_file=/etc/ca.pem&ssl=1&amqp_durable_queues=True&heartbeat_timeout_threshold=15"
                    + "&kombu_failover_strategy=shuffle&rabbit_quorum_queue=1"))
        #expect(options.isTLS)
        #expect(options.tls.caFile == "/etc/ca.pem")
        #expect(options.tls.verifies)
        #expect(options.durable)
        #expect(options.quorum)
        #expect(options.heartbeat == 15)
        #expect(options.failover == .shuffle)
    }

    @Test func encryptsWhereTheSchemeSaysSo() throws {
        var options = BusOptions()
        try options.take(BusURL("amqps://h"))
        #expect(options.isTLS)
    }

    @Test(
        arguments: [
            ("ssl", "maybe", "\"maybe\"", "true or false"),
            ("heartbeat_timeout_threshold", "-1", "\"-1\"", "a whole number from 0 to 3600"),
            ("kombu_failover_strategy", "random", "\"random\"", "one of round-robin, shuffle"),
        ])
    func refusesWhatAnOptionDoesNotTake(_ name: String, _ text: String, _ found: String, _ allowed: String) throws {
        var options = BusOptions()
        let mistake = try #require(throws: BusMistake.self) { try options.set(name, text) }
        #expect(mistake.option == name)
        #expect(mistake.found == found)
        #expect(mistake.allowed == allowed)
    }

    @Test func knowsWhichOptionsOfOsloHaveNoEffect() throws {
        var options = BusOptions()
        try options.set("heartbeat_rate", "3")
        #expect(options == BusOptions())
        #expect(throws: BusMistake.self) { try options.set("heartbeat_rat", "3") }
    }
}
