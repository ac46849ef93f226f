// SPDX-License-Identifier: Apache-2.0

// A collector without models is of no use: one import brings both.
@_exported public import ClusterModel
