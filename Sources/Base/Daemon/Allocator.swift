// SPDX-License-Identifier: Apache-2.0
internal import CMalloc

/// How this process holds its memory.
package enum Allocator {
    /// glibc gives each thread that allocates beside another an arena of its own, and none gives memory back to the
    /// others. A daemon whose threads take turns does with two, or one; call this before there are threads.
    package static func share(arenas: Int32) { _ = mallopt(M_ARENA_MAX, arenas) }

    /// Gives the kernel back what is free: after a burst it is most of what there is, and glibc keeps all below the last
    /// block that is in use.
    package static func trim() { _ = malloc_trim(0) }
}
