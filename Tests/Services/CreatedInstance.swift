// SPDX-License-Identifier: Apache-2.0

/// That an instance was created, as nova tells it: six samples and an event.
enum CreatedInstance {
    /// An envelope of oslo.messaging. Message and instance are of the test's own, by its name and a number.
    static func envelope(_ name: String, _ number: Int) -> [UInt8] {
        let inner =
            #"{"message_id":"\#(name)-\#(number)","publisher_id":"compute.cn1","event_type":"#
            + #""compute.instance.create.end","priority":"INFO","timestamp":"2026-11-21 04:39:33.500036","payload":"#
            + #"{"tenant_id":"p1","user_id":"u1","instance_id":"\#(name)-i\#(number)","memory_mb":512,"vcpus":1,"#
            + #""root_gb":1,"ephemeral_gb":0,"created_at":"2026-11-21 04:39:32+00:00","launched_at":"#
            + #""2026-11-21T04:39:33.415413","state":"active","host":"cn1","metadata":{}}}"#
        return Array(#"{"oslo.version":"2.0","oslo.message":"\#(inner.replacing("\"", with: "\\\""))"}"#.utf8)
    }
}
