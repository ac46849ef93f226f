#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Gives the readers of what comes from outside whatever libFuzzer thinks of, and keeps what reached new code in the corpus.
#   Tests/Fuzzing/fuzz.sh SECONDS [TARGET...]    # so long for each target; else all
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=$1; shift
export HYPSOMETER_FUZZ=1
build=(-c release --sanitize=fuzzer --enable-testable-imports --scratch-path .build-fuzz --product fuzzer)
swift build "${build[@]}" >&2
fuzzer=$(swift build "${build[@]}" --show-bin-path)/fuzzer
corpus=$PWD/Tests/Fuzzing/Corpus
findings=$PWD/.build-fuzz/findings
failed=0
for target in ${*:-$(ls "$corpus")}; do
    export HYPSOMETER_FUZZ_TARGET=$target
    found=$findings/$target
    mkdir -p "$found/inputs"
    echo "== $target"
    "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$found/" "$found/inputs" "$corpus/$target" >"$found/log" 2>&1 || {
        failed=1
        echo "failed: $found has the input; $found/log says why"
    }
    sed -nE 's/^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb): +/  \1 /p' "$found/log"
    # Few and small, that no reader's way is in twice.
    "$fuzzer" -merge=1 -max_len=2048 "$corpus/$target" "$found/inputs" >>"$found/log" 2>&1 || failed=1
done
exit $failed
