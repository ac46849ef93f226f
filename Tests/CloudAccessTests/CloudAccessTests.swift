// SPDX-License-Identifier: Apache-2.0
import CloudAccess
import OpenStack
import Settings
import TestSupport
import Testing
import WebClient

/// Where credentials come from, and what is said where they are wrong.
@Suite struct CloudAccessTests {
    private func credentials(_ text: String, _ environment: [String: String] = [:]) throws -> CloudCredentials? {
        let document = try INIDocument(path: "h.conf", text: "[service_credentials]\n" + text)
        return try CloudAccess.credentials(
            Configuration(documents: [document], environment: [:]), environment: environment)
    }

    private func mistake(_ text: String, _ environment: [String: String] = [:]) -> String? {
        do { _ = try credentials(text, environment) } catch { return "\(error)" }
        return nil
    }

    private static let password = """
        auth_url = http://keystone:5000/v3
        username = hypsometer
        user_domain_name = Default
        password = open sesame
        project_name = service
        project_domain_id = default

        """

    @Test func theSectionIsReadAsKeystonesOwnLibraryReadsIt() throws {
        let found = try #require(
            try credentials(Self.password + "region_name = RegionOne\ninterface = internalURL\ntimeout = 5"))
        #expect(found.authURL == "http://keystone:5000/v3")
        #expect(
            found.proof
                == .password(user: .init(name: "hypsometer", domainName: "Default"), CloudSecret("open sesame")))
        #expect(found.scope == .project(.init(name: "service", domainID: "default")))
        #expect(found.region == "RegionOne" && found.interfaces == ["internal"] && found.timeout == .seconds(5))
    }

    @Test func nothingIsNoCloud() throws {
        #expect(try credentials("") == nil)
        #expect(try credentials("region_name = RegionOne") == nil)
    }

    @Test func anApplicationCredentialNeedsNoProject() throws {
        let found = try credentials(
            "auth_url = http://k\napplication_credential_id = 7f\napplication_credential_secret = s")
        #expect(found?.proof == .applicationCredential(.init(id: "7f"), of: nil, CloudSecret("s")))
        #expect(found?.scope == .own)
    }

    @Test func theEnvironmentOfOpenStacksCommandsIsTakenWhereTheSectionIsEmpty() throws {
        let environment = [
            "OS_AUTH_URL": "http://k", "OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_USER_DOMAIN_ID": "default",
            "OS_REGION_NAME": "R", "OS_CACERT": "",
        ]
        #expect(try credentials("", environment)?.region == "R")
        // One's password is never taken with another's name.
        #expect(try credentials(Self.password, environment)?.proof == credentials(Self.password)?.proof)
        #expect(
            mistake("username = a", environment)
                == "h.conf:2: [service_credentials] username: given without auth_url; allowed: with auth_url, "
                + "Keystone's address; or neither")
    }

    @Test func aPasswordAloneInTheEnvironmentIsNobodysCloud() throws {
        #expect(try credentials("", ["OS_PASSWORD": "p", "OS_USERNAME": "u"]) == nil)
    }

    @Test func aCloudOfCloudsYAMLIsTaken() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            clouds:
              lab:
                auth:
                  auth_url: https://k:5000
                  username: u
                  project_name: p
                  user_domain_name: Default
                  project_domain_name: Default
                region_name: RegionOne
                interface: internal
                verify: false
                compute_endpoint_override: http://nova
              other: {}
            """, to: "clouds.yaml")
        _ = try directory.write("clouds: {lab: {auth: {password: open sesame}}}", to: "secure.yaml")
        let environment = ["OS_CLIENT_CONFIG_FILE": path, "OS_CLOUD": "lab"]
        let found = try #require(try credentials("", environment))
        #expect(found.proof == .password(user: .init(name: "u", domainName: "Default"), CloudSecret("open sesame")))
        #expect(found.interfaces == ["internal"] && !found.trust.verifies)
        #expect(found.endpoints == ["compute": "http://nova"])
        #expect(
            mistake("os_cloud = lb", ["OS_CLIENT_CONFIG_FILE": path])
                == "h.conf:2: cloud: unknown name \"lb\"; allowed: one of lab, other; did you mean lab?")
        #expect(mistake("os_cloud = other", ["OS_CLIENT_CONFIG_FILE": path])?.contains("auth_url") == true)
    }

    @Test func aPasswordMayBeInAFile() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("open sesame\n", to: "password")
        let text = Self.password.replacing("password = open sesame", with: "password_file = \(file)")
        #expect(try credentials(text)?.proof == credentials(Self.password)?.proof)
        #expect(mistake(Self.password + "password_file = \(file)")?.contains("given together with password") == true)
    }

    @Test(arguments: [
        ("auth_url = keystone:5000", "h.conf:2: [service_credentials] auth_url: found"),
        ("auth_url = http://k/v2.0", "version 3"),
        (
            "auth_url = http://k\nusername = u\npassword = p",
            "[service_credentials] user_domain_name: nothing beside username"
        ),
        ("auth_url = http://k\nuser_id = u", "[service_credentials] password: nothing"),
        ("auth_url = http://k\nauth_type = v2password", "h.conf:3: [service_credentials] auth_type: \"v2password\""),
        (
            "auth_url = http://k\nuser_id = u\npassword = p\ninterface = secret",
            "h.conf:5: [service_credentials] interface"
        ),
        ("auth_url = http://k\nuser_id = u\npassword = p\ntimeout = 0", "seconds, 1 to 3600"),
        ("auth_url = http://k\nuser_id = u\npassword = p\ncafile = /nowhere", "h.conf:5: [service_credentials] cafile"),
    ])
    func whatIsWrongIsNamed(text: String, part: String) throws {
        let line = try #require(mistake(text))
        #expect(line.contains(part.replacing("found", with: "")), "\(line)")
        #expect(!line.contains("\n"))
    }
}
