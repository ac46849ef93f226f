#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs the agent and the collector as they are shipped, on a hypervisor of the lab whose domains come and go and whose
# collector is away now and then, and holds memory, descriptors and threads flat, and nothing lost.
#   Tests/Soak/soak.sh SECONDS [DOMAINS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:?seconds}
domains=${2:-20}
programs=${HYPSOMETER_PROGRAMS:-$(packaging/release.sh)} # a directory with programs that are built already
work=$(mktemp -d)
lab() { Tests/Lab/hypervisor-lab -d "$work/lab" "$@"; }
end() {
    kill $(jobs -p) 2>/dev/null || true
    wait || true
    lab purge >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT
uri=$(lab up)
lab domains 1 "$domains" 0 >/dev/null

mkdir "$work/spool"
cat >"$work/soak.conf" <<END
[DEFAULT]
libvirt_uri = $uri
state_dir = $work
[publisher]
spool_directory = $work/spool
[collector]
listen = 127.0.0.1:4993
database = $work/samples.db
END
echo 'sources: [{name: all, interval: 1, meters: ["*"]}]' >"$work/polling.yaml"
cat >"$work/pipeline.yaml" <<END
sources: [{name: all, meters: ["*"], sinks: [there]}]
sinks: [{name: there, publishers: ["http://127.0.0.1:4993"]}]
END
start_collector() {
    "$programs/hypsometer" collector --config-file "$work/soak.conf" 2>>"$work/collector.log" &
    collector=$!
}
start_collector
"$programs/hypsometer-polling" --config-file "$work/soak.conf" 2>>"$work/agent.log" &
agent=$!

# RSS in KiB, descriptors, threads.
figures() { echo "$(awk '/^VmRSS/ { print $2 }' "/proc/$1/status") $(ls "/proc/$1/fd" | wc -l) $(ls "/proc/$1/task" | wc -l)"; }
round=0
begin=$(date +%s)
while now=$(($(date +%s) - begin)); [ "$now" -lt "$seconds" ]; do
    sleep 10
    round=$((round + 1))
    next=$((domains + 1 + round % 5))
    lab domains $next $next 0 >/dev/null 2>&1 || true
    lab destroy "$(virsh -c "$uri" list --name | tail -n +$((domains + 1)) | head -1)" >/dev/null 2>&1 || true
    if [ $((round % 12)) -eq 6 ]; then kill -9 "$collector"; wait "$collector" 2>/dev/null || true; fi
    if [ $((round % 12)) -eq 8 ]; then start_collector; fi
    kill -0 "$agent" || { tail "$work/agent.log"; echo "the agent ended"; exit 1; }
    echo "$now agent $(figures "$agent")" >>"$work/figures"
    if kill -0 "$collector" 2>/dev/null; then echo "$now collector $(figures "$collector")" >>"$work/figures"; fi
done
kill -0 "$collector" 2>/dev/null || start_collector
sleep 10
kill -TERM "$agent"
wait "$agent" || { echo "the agent ended with status $?"; exit 1; }

grep 'samples dropped=0' "$work/agent.log" || { echo "samples were dropped"; exit 1; }

# The last third beside the second one: what the first one still fills is no growth.
awk -v end="$seconds" '
    { third = int(3 * $1 / end); for (i = 3; i <= 5; i++) if ($i > most[$2, third, i]) most[$2, third, i] = $i }
    END {
        split("RSS-KiB descriptors threads", names)
        for (i = 3; i <= 5; i++) {
            before = most["agent", 1, i]; after = most["agent", 2, i]
            printf "agent %s: %d in the second third, %d in the last\n", names[i - 2], before, after
            if (after > before * 1.05 + (i == 3 ? 2048 : 2)) { print "it grows"; bad = 1 }
        }
        printf "collector RSS-KiB, started anew now and then: at most %d\n", most["collector", 2, 3]
        exit bad
    }' "$work/figures"
