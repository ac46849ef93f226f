// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import JSONText

extension BusProperties {
    /// - Parameter arena: where it points to.
    func amqp(_ arena: ByteArena) -> amqp_basic_properties_t {
        var properties = amqp_basic_properties_t()
        var flags = AMQP_BASIC_HEADERS_FLAG
        properties.headers = arena.table(
            headers.compactMap { entry in
                switch entry.value {
                case .string(let text): (entry.key, arena.value(text))
                case .integer(let integer): Int64(exactly: integer).map { (entry.key, arena.value($0)) }
                default: nil
                }
            })
        if let contentType {
            properties.content_type = arena.bytes(contentType)
            flags |= AMQP_BASIC_CONTENT_TYPE_FLAG
        }
        if let contentEncoding {
            properties.content_encoding = arena.bytes(contentEncoding)
            flags |= AMQP_BASIC_CONTENT_ENCODING_FLAG
        }
        if let deliveryMode {
            properties.delivery_mode = UInt8(clamping: deliveryMode)
            flags |= AMQP_BASIC_DELIVERY_MODE_FLAG
        }
        if let priority {
            properties.priority = UInt8(clamping: priority)
            flags |= AMQP_BASIC_PRIORITY_FLAG
        }
        if let messageID {
            properties.message_id = arena.bytes(messageID)
            flags |= AMQP_BASIC_MESSAGE_ID_FLAG
        }
        if let timestamp {
            properties.timestamp = timestamp
            flags |= AMQP_BASIC_TIMESTAMP_FLAG
        }
        properties._flags = amqp_flags_t(flags)
        return properties
    }

    init(_ properties: amqp_basic_properties_t) {
        func has(_ flag: Int32) -> Bool { properties._flags & amqp_flags_t(flag) != 0 }
        contentType = has(AMQP_BASIC_CONTENT_TYPE_FLAG) ? properties.content_type.text : nil
        contentEncoding = has(AMQP_BASIC_CONTENT_ENCODING_FLAG) ? properties.content_encoding.text : nil
        deliveryMode = has(AMQP_BASIC_DELIVERY_MODE_FLAG) ? Int(properties.delivery_mode) : nil
        priority = has(AMQP_BASIC_PRIORITY_FLAG) ? Int(properties.priority) : nil
        messageID = has(AMQP_BASIC_MESSAGE_ID_FLAG) ? properties.message_id.text : nil
        timestamp = has(AMQP_BASIC_TIMESTAMP_FLAG) ? properties.timestamp : nil
        headers = has(AMQP_BASIC_HEADERS_FLAG) ? WireValue.entries(properties.headers) : []
    }
}

extension WireValue {
    fileprivate static func entries(_ table: amqp_table_t) -> [Entry] {
        UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries)).map { entry in
            Entry(entry.key.text, WireValue(entry.value))
        }
    }

    fileprivate init(_ field: amqp_field_value_t) {
        let value = field.value
        self =
            switch amqp_field_value_kind_t(rawValue: numericCast(field.kind)) {
            case AMQP_FIELD_KIND_BOOLEAN: .bool(value.boolean != 0)
            case AMQP_FIELD_KIND_I8: .integer(Int128(value.i8))
            case AMQP_FIELD_KIND_U8: .integer(Int128(value.u8))
            case AMQP_FIELD_KIND_I16: .integer(Int128(value.i16))
            case AMQP_FIELD_KIND_U16: .integer(Int128(value.u16))
            case AMQP_FIELD_KIND_I32: .integer(Int128(value.i32))
            case AMQP_FIELD_KIND_U32: .integer(Int128(value.u32))
            case AMQP_FIELD_KIND_I64: .integer(Int128(value.i64))
            case AMQP_FIELD_KIND_U64, AMQP_FIELD_KIND_TIMESTAMP: .integer(Int128(value.u64))
            case AMQP_FIELD_KIND_F32: .real(Double(value.f32))
            case AMQP_FIELD_KIND_F64: .real(value.f64)
            case AMQP_FIELD_KIND_UTF8: .string(value.bytes.text)
            case AMQP_FIELD_KIND_BYTES: .binary(value.bytes.array)
            case AMQP_FIELD_KIND_TABLE: .object(Self.entries(value.table))
            case AMQP_FIELD_KIND_ARRAY:
                .array(
                    UnsafeBufferPointer(start: value.array.entries, count: Int(value.array.num_entries))
                        .map { WireValue($0) })
            default: .null
            }
    }
}
