#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# README's first command, until cpu_util has appeared twice and the collector answers with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source packaging/dependencies.sh
install_packages curl # README's other terminal has it
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
: >"$log/try"
packaging/try.sh >"$log/try" 2>&1 &
try=$!
waited=0
until [ "$(grep -c cpu_util "$log/try")" -ge 3 ]; do # once in the hint what to ask the collector
    if ! kill -0 $try 2>/dev/null || [ $((waited += 1)) -gt 3600 ]; then tail -20 "$log/try"; exit 1; fi
    sleep 0.5
done
status=0
timeout 60 bash -c 'until curl -fs "http://127.0.0.1:4953/v1/measures?meter=cpu_util&start=-600" |
    grep "\"series\":\[{"; do sleep 1; done' >"$log/measures" || status=1
kill -TERM $try
wait $try || status=1
grep -m 3 "  cpu" "$log/try"
cut -c 1-300 "$log/measures"
exit $status
