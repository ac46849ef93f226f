// SPDX-License-Identifier: Apache-2.0
internal import CMalloc

/// How this process holds its memory.
package enum Allocator {
    /// glibc gives each thread that allocates beside another an arena of its own, and none gives memory back to the
    /// others. A daemon whose threads take turns does with two; call this before there are threads.
    package static func shareArenas() { _ = mallopt(M_ARENA_MAX, 2) }
}
