// SPDX-License-Identifier: Apache-2.0

/// What a compute or storage service is: `state` says whether it lives, `status` whether an operator lets it work.
public struct ServiceState: RawRepresentable, Sendable, Hashable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let up = Self(rawValue: "up")
    public static let down = Self(rawValue: "down")
    public static let enabled = Self(rawValue: "enabled")
    public static let disabled = Self(rawValue: "disabled")
}

/// What an instance does, in Nova's words (`vm_state`).
public struct InstanceState: RawRepresentable, Sendable, Hashable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let active = Self(rawValue: "active")
    public static let building = Self(rawValue: "building")
    public static let paused = Self(rawValue: "paused")
    public static let suspended = Self(rawValue: "suspended")
    public static let stopped = Self(rawValue: "stopped")
    public static let rescued = Self(rawValue: "rescued")
    public static let resized = Self(rawValue: "resized")
    public static let shelved = Self(rawValue: "shelved")
    public static let softDeleted = Self(rawValue: "soft-delete")
    public static let deleted = Self(rawValue: "deleted")
    public static let error = Self(rawValue: "error")
}

/// What a volume does, in Cinder's words.
public struct VolumeState: RawRepresentable, Sendable, Hashable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let creating = Self(rawValue: "creating")
    public static let available = Self(rawValue: "available")
    public static let attaching = Self(rawValue: "attaching")
    public static let inUse = Self(rawValue: "in-use")
    public static let deleting = Self(rawValue: "deleting")
    public static let error = Self(rawValue: "error")
    public static let errorDeleting = Self(rawValue: "error_deleting")
    public static let backingUp = Self(rawValue: "backing-up")
    public static let restoringBackup = Self(rawValue: "restoring-backup")
    public static let errorRestoring = Self(rawValue: "error_restoring")
    public static let errorExtending = Self(rawValue: "error_extending")
}
