#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the agent and the collector and starts both: the agent polls this host's hypervisor where one answers and runs
# domains, else libvirt's built-in test driver; samples are shown, and kept by the collector. Ctrl-C ends both. Further
# arguments go to hypsometer-polling.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/dependencies.sh
need_swift
install_packages $BUILD_PACKAGES
programs=$(packaging/release.sh)

state=$(mktemp -d)
mkdir "$state/spool"
export OS_COLLECTOR__DATABASE=$state/samples.db OS_PUBLISHER__SPOOL_DIRECTORY=$state/spool
export OS_DEFAULT__LIBVIRT_URI=${OS_DEFAULT__LIBVIRT_URI:-qemu:///system}
if ! "$programs/hypsometer-polling" --test --config-file packaging/try/hypsometer.conf 2>&1 |
    grep -q '"name":"cpu_util"'; then
    echo "No domain runs at $OS_DEFAULT__LIBVIRT_URI (or nobody answers there): polling libvirt's test driver instead."
    export OS_DEFAULT__LIBVIRT_URI=test:///default
fi

"$programs/hypsometer" collector --config-file packaging/try/hypsometer.conf &
collector=$!
agent=
end() {
    trap - EXIT INT TERM
    kill $agent $collector 2>/dev/null || true
    wait || true
    rm -rf "$state"
}
trap end EXIT
trap 'exit 0' INT TERM
until (exec 3<>/dev/tcp/127.0.0.1/4953) 2>/dev/null; do
    kill -0 $collector 2>/dev/null || exit 1
    sleep 0.1
done
echo "Polling $OS_DEFAULT__LIBVIRT_URI every 2 seconds; Ctrl-C ends it. Look at http://127.0.0.1:4953/ or ask, in another terminal:"
echo "  curl 'http://127.0.0.1:4953/v1/measures?meter=cpu_util&granularity=10&start=-600'"
"$programs/hypsometer-polling" --config-file packaging/try/hypsometer.conf "$@" &
agent=$!
wait -n $agent $collector
