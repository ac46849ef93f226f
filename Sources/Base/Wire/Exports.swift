// SPDX-License-Identifier: Apache-2.0

// Whoever reads or writes messages needs the values they are made of: one import brings both.
@_exported public import JSONText
