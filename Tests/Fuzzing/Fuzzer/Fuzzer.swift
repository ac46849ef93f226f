// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Foundation
internal import FuzzTargets

/// libFuzzer's entry, which gives the reader that HYPSOMETER_FUZZ_TARGET names whatever it thinks of.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let done = DispatchSemaphore(value: 0)
    Task {
        await chosen.take(bytes)
        done.signal()
    }
    done.wait()
    return 0
}

private let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["HYPSOMETER_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.named(name) else {
        fatalError("HYPSOMETER_FUZZ_TARGET is one of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    }
    return target
}()
