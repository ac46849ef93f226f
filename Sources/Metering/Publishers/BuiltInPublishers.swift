// SPDX-License-Identifier: Apache-2.0
package import Pipelines

/// The publishers that come with us.
package enum BuiltInPublishers {
    package static func all(_ settings: PublisherSettings) -> [PublisherRegistration] {
        [
            StandardOutputPublisher.registration, FilePublisher.registration, DiscardPublisher.registration,
            HTTPSender.registration(scheme: "http"), HTTPSender.registration(scheme: "https"),
            RemoteWriteSender.registration(scheme: "remotewrite"),
            RemoteWriteSender.registration(scheme: "remotewrites"), PushgatewaySender.registration,
            OpenTelemetrySender.registration(settings),
            GnocchiSender.cloudRegistration(settings), GnocchiSender.registration(scheme: "gnocchi+http", settings),
            GnocchiSender.registration(scheme: "gnocchi+https", settings),
            TCPSender.registration(settings), NotifierSender.registration(settings),
            UDPPublisher.registration(settings),
        ]
    }
}
