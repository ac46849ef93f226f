// SPDX-License-Identifier: Apache-2.0
internal import Digests
package import Logging
package import OpenStack
package import Settings
internal import Wire

/// What operators set for all publishers.
package struct PublisherSettings: Sendable {
    static let secret = Setting(
        "telemetry_secret", in: "publisher", default: "",
        help:
            "The secret that messages of notifier, udp and tcp publishers are signed with; their receivers know it too. Empty: "
            + "they are not signed.", isSecret: true)

    static let secretFile = Setting(
        "telemetry_secret_file", in: "publisher", default: "",
        help: "A file whose first line is that secret, such as a systemd credential. Empty: telemetry_secret holds.",
        allowed: "a path, or nothing")

    package static let all = [AnySetting(secret), AnySetting(secretFile)] + NotifierSettings.all

    /// What this host calls itself in messages.
    let host: String
    /// nil where messages are not signed.
    let signer: MessageSigner?
    let notifier: NotifierSettings
    /// Differs where publishers made of them would.
    let variant: Int
    /// The cloud whose services may be told of samples; nil where none is known.
    let cloud: CloudCredentials?
    let log: Logger

    package init(
        _ configuration: Configuration, host: String, cloud: CloudCredentials? = nil, log: Logger
    ) throws(Mistake) {
        var secret = try configuration.value(Self.secret)
        let file = try configuration.value(Self.secretFile)
        if !file.isEmpty {
            let place = configuration.place(of: "publisher", "telemetry_secret_file") ?? .init("built-in configuration")
            guard secret.isEmpty else {
                throw Mistake(
                    place, "[publisher] telemetry_secret_file", found: "given together with telemetry_secret",
                    allowed: "one of the two")
            }
            secret = try SecretFile.firstLine(file, place, "[publisher] telemetry_secret_file")
        }
        self.init(
            host: host, secret: secret, notifier: try NotifierSettings(configuration), cloud: cloud, log: log)
    }

    /// - Parameter secret: that messages are signed with; empty where they are not.
    package init(
        host: String, secret: String = "", notifier: NotifierSettings = NotifierSettings(),
        cloud: CloudCredentials? = nil, log: Logger
    ) {
        self.host = host
        self.cloud = cloud
        self.log = log
        self.notifier = notifier
        var hasher = Hasher()
        hasher.combine([host, secret])
        hasher.combine(notifier)
        variant = hasher.finalize()
        if secret.isEmpty {
            signer = nil
        } else {
            let key = HMACSHA256(key: secret)
            signer = MessageSigner { key.digest(of: $0) }
        }
    }
}
