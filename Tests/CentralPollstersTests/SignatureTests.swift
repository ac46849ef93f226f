// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CentralPollsters
@testable import Settings
@testable import Telemetry

/// The examples of S3's own documentation, under the keys that stand there.
struct SignatureTests {
    private static let keys = ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]

    @Test func version2IsSignedAsS3Says() throws {
        let credential = WebCredential(
            scheme: .signatureV2, parameters: Self.keys + ["s3.us-west-1.amazonaws.com"])
        let time = try #require(Timestamp(parsing: Array("2007-03-27T19:36:42".utf8)))
        let headers = try credential.headers(
            forGetting: "https://awsexamplebucket1.s3.us-west-1.amazonaws.com/photos/puppy.jpg", at: time)
        #expect(headers[0].value == "Tue, 27 Mar 2007 19:36:42 GMT")
        // What Python's hmac makes of the text that is described there, with GMT for the zone.
        #expect(headers[1].value == "AWS \(Self.keys[0]):7AbQgM8BIjLxGPGytjyjro07bR4=")
    }

    @Test func version4IsSignedAsS3Says() throws {
        let credential = WebCredential(scheme: .signatureV4, parameters: Self.keys + ["us-east-1", "s3"])
        let time = try #require(Timestamp(parsing: Array("2013-05-24T00:00:00".utf8)))
        let headers = try credential.headers(
            forGetting: "https://examplebucket.s3.amazonaws.com/?lifecycle", at: time)
        let expected = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        #expect(headers.last?.value.hasSuffix("Signature=\(expected)") == true)
        let list = try credential.headers(
            forGetting: "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J", at: time)
        let second = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        #expect(list.last?.value.hasSuffix("Signature=\(second)") == true)
    }

    @Test func aCredentialIsNotShown() {
        let credential = WebCredential(scheme: .basic, parameters: ["user", "my-secret-word"])
        #expect("\(credential)" == "requests.auth HTTPBasicAuth")
    }
}
