// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt

/// The name of a figure in a bulk record, read in place: dotted parts, ended by a zero byte.
extension UnsafePointer<CChar> {
    /// What follows `prefix`; nil where this doesn't begin with it.
    @inline(__always)
    func after(_ prefix: StaticString) -> Self? {
        let bytes = prefix.utf8Start
        for index in 0..<prefix.utf8CodeUnitCount where self[index] != CChar(bitPattern: bytes[index]) { return nil }
        return self + prefix.utf8CodeUnitCount
    }

    @inline(__always)
    func equals(_ text: StaticString) -> Bool { after(text)?.pointee == 0 }

    /// A number at the beginning, and what follows the dot after it; nil where there is none, as in `count`.
    @inline(__always)
    var afterNumber: (number: Int, field: Self)? {
        var position = self
        var number = 0
        while let digit = position.pointee.digit, number < 1_000_000 {
            number = number * 10 + digit
            position += 1
        }
        guard position > self, position.pointee == CChar(UInt8(ascii: ".")) else { return nil }
        return (number, position + 1)
    }
}

extension CChar {
    fileprivate var digit: Int? {
        let value = Int(self) - 0x30
        return (0...9).contains(value) ? value : nil
    }
}

extension virTypedParameter {
    /// The value of an integer parameter; nil for other types and for negative numbers, which mean "not known".
    var unsignedValue: UInt64? {
        switch type {
        case Int32(VIR_TYPED_PARAM_INT.rawValue): UInt64(exactly: value.i)
        case Int32(VIR_TYPED_PARAM_UINT.rawValue): UInt64(value.ui)
        case Int32(VIR_TYPED_PARAM_LLONG.rawValue): UInt64(exactly: value.l)
        case Int32(VIR_TYPED_PARAM_ULLONG.rawValue): value.ul
        default: nil
        }
    }

    var text: String? {
        guard type == Int32(VIR_TYPED_PARAM_STRING.rawValue) else { return nil }
        return value.s.map { String(cString: $0) }
    }
}
