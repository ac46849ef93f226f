// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc

extension DomainStats {
    /// Takes one named figure of a bulk record, if it is one of ours. Names are compared as bytes: a record has
    /// dozens, and no string is made for any.
    mutating func take(_ parameter: virTypedParameterPtr) {
        guard let offset = MemoryLayout<virTypedParameter>.offset(of: \.field) else { return }
        let field = UnsafeRawPointer(parameter).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        if strcmp(field, "cpu.time") == 0 {
            cpuTime = parameter.pointee.unsignedValue
        } else if strcmp(field, "state.state") == 0 {
            let number = parameter.pointee.unsignedValue.map { Int32(truncatingIfNeeded: $0) }
            state = number.flatMap { DomainState(rawValue: $0) } ?? .noState
        } else if strncmp(field, "vcpu.", 5) == 0 {
            takeVCPU(field + 5, parameter.pointee.unsignedValue)
        }
    }

    /// `name` is what follows "vcpu.": `current`, or `3.time`.
    private mutating func takeVCPU(_ name: UnsafePointer<CChar>, _ value: UInt64?) {
        if strcmp(name, "current") == 0 {
            vcpuCount = value.flatMap { Int(exactly: $0) }
            return
        }
        var rest: UnsafeMutablePointer<CChar>?
        let number = Int(strtol(name, &rest, 10))
        guard let rest, rest > UnsafeMutablePointer(mutating: name) else { return }
        let isTime = strcmp(rest, ".time") == 0
        guard isTime || strcmp(rest, ".wait") == 0 else { return }
        // libvirt tells them in order, so that a new number is the last.
        if vcpus.last?.number != number { vcpus.append(VCPU(number: number)) }
        if isTime { vcpus[vcpus.count - 1].time = value } else { vcpus[vcpus.count - 1].wait = value }
    }
}

extension virTypedParameter {
    /// The value of an integer parameter; nil for other types and for negative numbers, which mean "not known".
    fileprivate var unsignedValue: UInt64? {
        switch type {
        case Int32(VIR_TYPED_PARAM_INT.rawValue): UInt64(exactly: value.i)
        case Int32(VIR_TYPED_PARAM_UINT.rawValue): UInt64(value.ui)
        case Int32(VIR_TYPED_PARAM_LLONG.rawValue): UInt64(exactly: value.l)
        case Int32(VIR_TYPED_PARAM_ULLONG.rawValue): value.ul
        default: nil
        }
    }
}
