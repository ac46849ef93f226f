// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ

/// Memory for what a call to rabbitmq-c points to, until ``free()``.
final class ByteArena {
    private var blocks: [UnsafeMutableRawPointer] = []

    func free() {
        for block in blocks { block.deallocate() }
        blocks = []
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        let utf8 = Array(text.utf8)
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(utf8.count, 1), alignment: 1)
        block.copyMemory(from: utf8, byteCount: utf8.count)
        blocks.append(block)
        return amqp_bytes_t(len: utf8.count, bytes: block)
    }

    func table(_ entries: [(key: String, value: amqp_field_value_t)]) -> amqp_table_t {
        let block = UnsafeMutablePointer<amqp_table_entry_t>.allocate(capacity: max(entries.count, 1))
        for (index, entry) in entries.enumerated() {
            (block + index).initialize(to: amqp_table_entry_t(key: bytes(entry.key), value: entry.value))
        }
        blocks.append(UnsafeMutableRawPointer(block))
        return amqp_table_t(num_entries: Int32(entries.count), entries: block)
    }

    func value(_ text: String) -> amqp_field_value_t {
        var value = amqp_field_value_t()
        value.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
        value.value.bytes = bytes(text)
        return value
    }

    func value(_ number: Int64) -> amqp_field_value_t {
        var value = amqp_field_value_t()
        value.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
        value.value.i64 = number
        return value
    }
}

extension amqp_bytes_t {
    var array: [UInt8] { Array(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : len)) }

    var text: String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : len), as: UTF8.self)
    }
}
