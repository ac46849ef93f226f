#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs every benchmark on the release build, beside floors and peers (what Debian and PyPI have for the same job), and shows
# what each printed; HYPSOMETER_BENCHMARKS=FILE keeps it, HYPSOMETER_PEERS=DIR what was fetched.
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
shared=../shared # recorded timings of Watcher, and the lab with a broker: without them that part is left out
work=$(mktemp -d)
peers=${HYPSOMETER_PEERS:-$work/peers}
end() {
    [ ! -d "$work/lab" ] || "$shared/lab/openstack/oslab" -d "$work/lab" purge >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT

run agent-benchmark --pairs 5 --cycles 15 --starts 5
printf '\npeers --pairs 3 --cycles 5\n' | tee -a "$kept"
HYPSOMETER_PEERS=$peers Tests/Benchmarks/peers --pairs 3 --cycles 5 | tee -a "$kept"
run agent-benchmark --publishing
run collector-benchmark
if [ -f "$shared/spec/watcher-timings.json" ]; then
    run decision-benchmark --repeats 5 --timings "$shared/spec/watcher-timings.json"
else
    run decision-benchmark
fi
if [ -x "$shared/lab/openstack/oslab" ]; then
    "$shared/lab/openstack/oslab" -d "$work/lab" up rabbitmq >&2
    url=$("$shared/lab/openstack/oslab" -d "$work/lab" env | sed -n 's/.*OSLAB_AMQP_URL=amqp:/rabbit:/p')
    swift build "${release[@]}" --product hypsometer >/dev/null
    swift build "${release[@]}" --product notification-benchmark >/dev/null
    printf '\nnotification-benchmark --messages 10000\n' | tee -a "$kept"
    "$programs/notification-benchmark" --url "$url" --messages 10000 \
        --ceilometer "$peers/venv/bin/ceilometer-agent-notification" | tee -a "$kept"
fi
run plugin-benchmark
run fleet-benchmark --seconds 60
run deploy-benchmark
run central-benchmark
swift build "${release[@]}" --product sample-benchmark >/dev/null
printf '\ninstructions\n' | tee -a "$kept"
Tests/Benchmarks/instructions "$programs/sample-benchmark" | tee -a "$kept"
