#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs all tests, those with a real libvirtd and QEMU included; they need root and say so where they are skipped.
# Further arguments go to swift test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/dependencies.sh
need_swift
install_packages $BUILD_PACKAGES $TEST_PACKAGES
# All at once they would keep each other waiting past deadlines that are theirs to test.
exec swift test --experimental-maximum-parallelization-width 8 "$@"
