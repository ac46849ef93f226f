// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc

extension DomainStats {
    /// Takes one named figure of a bulk record, if it is one of ours. Names are compared as bytes: a record has
    /// dozens, and no string is made for any but a device's name.
    mutating func take(_ parameter: virTypedParameterPtr) {
        guard let offset = MemoryLayout<virTypedParameter>.offset(of: \.field) else { return }
        let field = UnsafeRawPointer(parameter).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        let value = parameter.pointee.unsignedValue
        if let name = field.after("block.") {
            takeDisk(name, value, parameter.pointee.text)
        } else if let name = field.after("net.") {
            takeInterface(name, value, parameter.pointee.text)
        } else if let name = field.after("vcpu.") {
            takeVCPU(name, value)
        } else if let name = field.after("balloon.") {
            memory.take(name, value)
        } else if let name = field.after("perf.") {
            perf.take(name, value)
        } else if field.equals("cpu.time") {
            cpuTime = value
        } else if field.equals("state.state") {
            state = value.flatMap { DomainState(rawValue: Int32(truncatingIfNeeded: $0)) } ?? .noState
        }
    }

    // libvirt tells the devices in order, so that a number not seen yet is the last. Each begins with its name.

    /// `name` is what follows "block.": `count`, `0.name`, `0.rd.bytes`.
    private mutating func takeDisk(_ name: UnsafePointer<CChar>, _ value: UInt64?, _ text: String?) {
        guard let (_, field) = name.afterNumber else { return }
        if field.equals("name") { return disks.append(Disk(name: text ?? "")) }
        guard !disks.isEmpty else { return }
        disks[disks.count - 1].take(field, value)
    }

    /// `name` is what follows "net.": `count`, `0.name`, `0.rx.bytes`.
    private mutating func takeInterface(_ name: UnsafePointer<CChar>, _ value: UInt64?, _ text: String?) {
        guard let (_, field) = name.afterNumber else { return }
        if field.equals("name") { return interfaces.append(Interface(name: text ?? "")) }
        guard !interfaces.isEmpty else { return }
        if let figure = field.after("rx.") {
            interfaces[interfaces.count - 1].received.take(figure, value)
        } else if let figure = field.after("tx.") {
            interfaces[interfaces.count - 1].sent.take(figure, value)
        }
    }

    /// `name` is what follows "vcpu.": `current`, or `3.time`.
    private mutating func takeVCPU(_ name: UnsafePointer<CChar>, _ value: UInt64?) {
        if name.equals("current") { return vcpuCount = value.flatMap { Int(exactly: $0) } }
        guard let (number, field) = name.afterNumber else { return }
        let isTime = field.equals("time")
        guard isTime || field.equals("wait") else { return }
        if vcpus.last?.number != number { vcpus.append(VCPU(number: number)) }
        if isTime { vcpus[vcpus.count - 1].time = value } else { vcpus[vcpus.count - 1].wait = value }
    }
}

extension DomainStats.Memory {
    fileprivate mutating func take(_ field: UnsafePointer<CChar>, _ value: UInt64?) {
        if field.equals("current") { actual = value }
        if field.equals("available") { available = value }
        if field.equals("unused") { unused = value }
        if field.equals("usable") { usable = value }
        if field.equals("rss") { resident = value }
        if field.equals("swap_in") { swapIn = value }
        if field.equals("swap_out") { swapOut = value }
    }
}

extension DomainStats.Disk {
    fileprivate mutating func take(_ field: UnsafePointer<CChar>, _ value: UInt64?) {
        if let figure = field.after("rd.") {
            if figure.equals("reqs") { readRequests = value }
            if figure.equals("bytes") { readBytes = value }
            if figure.equals("times") { readTime = value }
        } else if let figure = field.after("wr.") {
            if figure.equals("reqs") { writeRequests = value }
            if figure.equals("bytes") { writeBytes = value }
            if figure.equals("times") { writeTime = value }
        } else if field.equals("allocation") {
            allocation = value
        } else if field.equals("capacity") {
            capacity = value
        } else if field.equals("physical") {
            physical = value
        }
    }
}

extension DomainStats.Traffic {
    fileprivate mutating func take(_ field: UnsafePointer<CChar>, _ value: UInt64?) {
        if field.equals("bytes") { bytes = value }
        if field.equals("pkts") { packets = value }
        if field.equals("errs") { errors = value }
        if field.equals("drop") { drops = value }
    }
}

extension DomainStats.Perf {
    fileprivate mutating func take(_ field: UnsafePointer<CChar>, _ value: UInt64?) {
        if field.equals("cpu_cycles") { cpuCycles = value }
        if field.equals("instructions") { instructions = value }
        if field.equals("cache_references") { cacheReferences = value }
        if field.equals("cache_misses") { cacheMisses = value }
    }
}
