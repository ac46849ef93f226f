// SPDX-License-Identifier: Apache-2.0

/// A block device that instances attach.
public struct Volume: ModelElement {
    /// What an instance's use of a volume is known by.
    public struct Attachment: Sendable, Hashable {
        /// Either is nil where the source has not told.
        public var serverID: String?
        public var attachmentID: String?

        public init(serverID: String?, attachmentID: String?) {
            self.serverID = serverID
            self.attachmentID = attachmentID
        }
    }

    public var uuid: String
    /// GiB.
    public var size: Int?
    public var status: VolumeState = .available
    public var attachments: [Attachment]?
    public var name: String?
    public var isMultiattach: Bool?
    public var snapshotID: Nullable = .unset
    public var projectID: Nullable = .unset
    public var metadata: JSONObject?
    public var isBootable: Bool?
    public var volumeType: String?
    public var createdAt: String?
    /// The pool's name.
    public var host: String?
    public var humanID = ""

    public init(uuid: String) { self.uuid = uuid }

    public var key: String { uuid }
    public init(key: String) { self.init(uuid: key) }

    public static let fields: [ElementField<Volume>] = [
        .integer("size", \.size),
        .word("status", \.status),
        .value("attachments") {
            $0.attachments.map { .array($0.map(\.json)) }
        } store: { volume, value in
            guard let values = value.array else { return false }
            let attachments = values.compactMap { Attachment(json: $0) }
            volume.attachments = attachments
            return attachments.count == values.count
        },
        .text("name", \.name),
        .boolean("multiattach", \.isMultiattach),
        .nullable("snapshot_id", \.snapshotID),
        .nullable("project_id", \.projectID),
        .json("metadata", \.metadata),
        .boolean("bootable", \.isBootable),
        .text("volume_type", \.volumeType),
        .text("created_at", \.createdAt),
        .text("host", \.host),
        .text("uuid", \.uuid),
        .text("human_id", \.humanID),
    ]
}

extension Volume.Attachment {
    var json: JSONValue {
        let pairs = [("server_id", serverID), ("attachment_id", attachmentID)]
        return .object(JSONObject(pairs.compactMap { key, id in id.map { (key, .string($0)) } }))
    }

    init?(json: JSONValue) {
        guard json.object != nil else { return nil }
        self.init(serverID: json["server_id"]?.string, attachmentID: json["attachment_id"]?.string)
    }
}
