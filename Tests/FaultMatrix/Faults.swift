// SPDX-License-Identifier: Apache-2.0
import Testing

/// What the agent loses in each bad situation: the real binary, a real libvirtd with real QEMU domains or libvirt's test
/// driver, two sources of different intervals, and each fault as it happens.
///
/// Each test says which samples may be missing, and finds all others.
@Suite(.serialized, .enabled(if: MatrixSettings.isWanted, "takes minutes: set HYPSOMETER_FAULT_MATRIX=1"))
enum Faults {}
