// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt

/// Hears a connection's domain events and hands them on as values.
///
/// Drivers without events refuse to register; then nothing is heard, and whoever caches must also look by itself
/// from time to time.
final class EventSubscription: Sendable {
    private let handler: @Sendable (DomainEvent) -> Void

    private init(_ handler: @escaping @Sendable (DomainEvent) -> Void) { self.handler = handler }

    static func register(on connection: virConnectPtr, handler: @escaping @Sendable (DomainEvent) -> Void) {
        let subscription = EventSubscription(handler)
        let lifecycle: virConnectDomainEventCallback = { _, domain, event, _, opaque in
            EventSubscription.deliver(domain, opaque) { .lifecycle(uuid: $0, event: event) }
            return 0
        }
        let device: virConnectDomainEventDeviceAddedCallback = { _, domain, _, opaque in
            EventSubscription.deliver(domain, opaque) { .changed(uuid: $0) }
        }
        let metadata: virConnectDomainEventMetadataChangeCallback = { _, domain, _, _, opaque in
            EventSubscription.deliver(domain, opaque) { .changed(uuid: $0) }
        }
        subscription.add(VIR_DOMAIN_EVENT_ID_LIFECYCLE, unsafeBitCast(lifecycle, to: Generic.self), connection)
        subscription.add(VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, unsafeBitCast(device, to: Generic.self), connection)
        // The same shape as the callback for devices that were added.
        subscription.add(VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, unsafeBitCast(device, to: Generic.self), connection)
        subscription.add(VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, unsafeBitCast(metadata, to: Generic.self), connection)
    }

    /// libvirt's one type for all callbacks, whatever they really take.
    private typealias Generic = @convention(c) (virConnectPtr?, virDomainPtr?, UnsafeMutableRawPointer?) -> Void

    private func add(_ id: virDomainEventID, _ callback: Generic, _ connection: virConnectPtr) {
        let opaque = Unmanaged.passRetained(self).toOpaque()
        let result = virConnectDomainEventRegisterAny(connection, nil, Int32(id.rawValue), callback, opaque) { opaque in
            if let opaque { Unmanaged<EventSubscription>.fromOpaque(opaque).release() }
        }
        // libvirt frees the opaque value itself, but only of a callback that it took.
        if result < 0 { Unmanaged<EventSubscription>.fromOpaque(opaque).release() }
    }

    /// Runs on the event loop's thread, so it only names the domain and hands on.
    private static func deliver(
        _ domain: virDomainPtr?, _ opaque: UnsafeMutableRawPointer?, _ event: (String) -> DomainEvent
    ) {
        guard let domain, let opaque, let uuid = uuidString(of: domain) else { return }
        Unmanaged<EventSubscription>.fromOpaque(opaque).takeUnretainedValue().handler(event(uuid))
    }
}
