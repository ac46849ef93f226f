#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Gives the readers of what comes from outside whatever libFuzzer thinks of, and keeps what reached new code in the corpus.
#   Tests/Fuzzing/fuzz.sh SECONDS [TARGET...]    # so long for each target, else all; as many at a time as there are cores,
#                                                # or HYPSOMETER_FUZZ_JOBS
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
corpus=$PWD/Tests/Fuzzing/Corpus
findings=$PWD/.build-fuzz/findings

one() { # FUZZER SECONDS TARGET
    local found=$findings/$3 failed=0
    export HYPSOMETER_FUZZ_TARGET=$3
    export SWIFT_BACKTRACE=enable=no # Swift's own would end the program before libFuzzer has kept the input
    mkdir -p "$found/inputs"
    "$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$found/" "$found/inputs" "$corpus/$3" >"$found/log" 2>&1 || failed=1
    # Few and small: one for each way through a reader, however often it is gone.
    "$1" -merge=1 -use_counters=0 -max_len=2048 "$corpus/$3" "$found/inputs" >"$found/merged" 2>&1 || failed=1
    awk -v target="$3" -v inputs="$(find "$corpus/$3" -type f | wc -l)" -v failed="$failed" -v found="$found" '
        /^stat::number_of_executed_units/ { runs = $2 }
        /^stat::peak_rss_mb/ { memory = $2 }
        END {
            printf "%-18s %10d runs, peak %d MiB, %d inputs kept\n", target, runs, memory, inputs
            if (failed) printf "failed: %s has the input; %s/log says why\n", found, found
        }' "$found/log"
    return $failed
}
if [ "$1" = --one ]; then shift; one "$@"; exit; fi

seconds=$1; shift
export HYPSOMETER_FUZZ=1
build=(-c release --sanitize=fuzzer -Xswiftc -enable-testing --scratch-path .build-fuzz --product fuzzer)
swift build "${build[@]}" >&2
fuzzer=$(swift build "${build[@]}" --show-bin-path)/fuzzer
printf '%s\n' ${*:-$(ls "$corpus")} |
    xargs -P "${HYPSOMETER_FUZZ_JOBS:-$(nproc)}" -I TARGET "$PWD/Tests/Fuzzing/fuzz.sh" --one "$fuzzer" "$seconds" TARGET
