// SPDX-License-Identifier: Apache-2.0

// One import for authors of plug-ins.
@_exported public import ClusterModel
@_exported public import FleetExtensions
@_exported public import Optimization
@_exported public import Telemetry

/// What a sample says was measured. Models have volumes of another kind, ``StorageVolume``; with this one import the
/// bare word means the sample's.
public typealias Volume = Telemetry.Volume

/// A volume of a storage model.
public typealias StorageVolume = ClusterModel.Volume
