// SPDX-License-Identifier: Apache-2.0

// Whoever decides needs the words for models, strategies and solutions too: one import brings them.
@_exported public import ClusterModel
@_exported public import Optimization
