// SPDX-License-Identifier: Apache-2.0
// What glibc's spawn.h hides without _GNU_SOURCE.
#pragma once
#include <spawn.h>

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
