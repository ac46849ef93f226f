#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds hypsometer-polling and polls: this host's hypervisor where one answers and runs domains, else libvirt's
# built-in test driver. Samples keep appearing until Ctrl-C. Further arguments go to hypsometer-polling.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/dependencies.sh
need_swift
install_packages $BUILD_PACKAGES
# Swift's libraries in the program itself: it needs no Swift where it runs, and less memory.
release=(-c release --static-swift-stdlib)
swift build "${release[@]}" --product hypsometer-polling
agent=$(swift build "${release[@]}" --show-bin-path)/hypsometer-polling

export OS_DEFAULT__LIBVIRT_URI=${OS_DEFAULT__LIBVIRT_URI:-qemu:///system}
if ! "$agent" --test --config-file packaging/try/hypsometer.conf 2>&1 | grep -q '"name":"cpu_util"'; then
    echo "No domain runs at $OS_DEFAULT__LIBVIRT_URI (or nobody answers there): polling libvirt's test driver instead."
    export OS_DEFAULT__LIBVIRT_URI=test:///default
fi
echo "Polling $OS_DEFAULT__LIBVIRT_URI every 2 seconds; Ctrl-C ends it."
exec "$agent" --config-file packaging/try/hypsometer.conf "$@"
