#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs every benchmark on the release build, and shows what each printed; HYPSOMETER_BENCHMARKS=FILE keeps it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
packaging/release.sh >/dev/null
release=(-c release --static-swift-stdlib)
programs=$(swift build "${release[@]}" --show-bin-path)
kept=${HYPSOMETER_BENCHMARKS:-/dev/null}
echo "$(nproc) cores, $(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(date -u +%F)" | tee "$kept"
run() { # NAME ARGUMENT...
    local name=$1; shift
    swift build "${release[@]}" --product "$name" >/dev/null
    printf '\n%s %s\n' "$name" "$*" | tee -a "$kept"
    "$programs/$name" "$@" | tee -a "$kept"
}
run agent-benchmark --pairs 5 --cycles 15 --starts 5
run agent-benchmark --publishing
run collector-benchmark
run decision-benchmark
run plugin-benchmark
run fleet-benchmark --seconds 60
run deploy-benchmark
run central-benchmark
swift build "${release[@]}" --product sample-benchmark >/dev/null
printf '\ninstructions\n' | tee -a "$kept"
Tests/Benchmarks/instructions "$programs/sample-benchmark" | tee -a "$kept"
