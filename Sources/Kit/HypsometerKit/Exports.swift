// SPDX-License-Identifier: Apache-2.0

// One import for authors of plug-ins.
@_exported public import Telemetry
