#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds plug-ins as their authors would, in folders of their own, from a repository named by URL and version, and drops
# them in beside the agent that is built already: their samples come, and are gone when the files are.
# Tests/OutsidePackage/plugins.sh [--all]: with it every example and what 'hypsometer plugin new' writes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
agent=
trap '[ -z "$agent" ] || kill -9 "$agent" 2>/dev/null; rm -rf "$work"' EXIT
built=$(swift build --show-bin-path)
git clone --quiet --bare . "$work/hypsometer"
git -C "$work/hypsometer" tag --force 0.1.0 HEAD >/dev/null
export HYPSOMETER_URL="file://$work/hypsometer"

# Tests a package, builds it, puts its two files into a plug-in directory, and tries it.
install_package() { # FOLDER [BUILD]: where it is built; several may share what they depend on
    local name build=${2:-$1/.build}
    name=$(basename "$1"/*.entry_points .entry_points)
    swift test --package-path "$1" --scratch-path "$build"
    swift build -c release --static-swift-stdlib --product "$name" --package-path "$1" --scratch-path "$build"
    cp "$build/release/$name" "$1/$name.entry_points" "$work/plugins/"
    "$built/hypsometer" plugin check "$work/plugins/$name"
}

wait_for() { # WORDS COMMAND...
    local words=$1 tries=0; shift
    until "$@"; do
        if [ $((tries += 1)) -gt 600 ]; then echo "no $words; the agent's log:" >&2; cat "$work/log" >&2; exit 1; fi
        sleep 0.1
    done
}

mkdir "$work/plugins"
examples="pollster strategy collector extension extension-pipelines"
[ "${1:-}" != --all ] || examples="pollster discovery publisher notification strategy collector extension extension-pipelines extension-logging"
for example in $examples; do
    cp -r "Examples/$example" "$work/$example"
    install_package "$work/$example" "$work/build"
done
cp Examples/pollster-in-python/host-uptime* "$work/plugins/"
"$built/hypsometer" plugin check "$work/plugins/host-uptime"
cp Examples/strategy-in-python/count-events* "$work/plugins/"
"$built/hypsometer" plugin check "$work/plugins/count-events"
if [ "${1:-}" = --all ]; then
    for kind in pollster discovery publisher notification strategy goal planner scoring collector extension; do
        start=$(date +%s)
        "$built/hypsometer" plugin new "$kind" "new-$kind" --directory "$work" >/dev/null
        install_package "$work/new-$kind" "$work/build"
        echo "plugin new $kind to its check: $(($(date +%s) - start)) s"
    done
fi

# What decides: a goal of the configuration is served by a plug-in's strategy, and one in Python decides by the model of
# another plug-in's collector.
cat >"$work/audit.conf" <<END
[DEFAULT]
plugin_dirs = $work/plugins
[watcher_goals]
goals = BALANCE_LOAD:basic,MINIMIZE_ENERGY_CONSUMPTION:third_party_dummy
[watcher_cluster_data_model_collectors.dummy]
# Option used for testing.
test_opt = test_value
END
expect() { # WORDS COMMAND...
    local words=$1 output; shift
    output=$("$@" --config-file "$work/audit.conf")
    if ! grep -qF -- "$words" <<<"$output"; then echo "no '$words' in the output of $*:" >&2; echo "$output" >&2; exit 1; fi
}
expect 'live rack1-b -> rack1-a' "$built/hypsometer" audit run --goal MINIMIZE_ENERGY_CONSUMPTION \
    --model Examples/what-if/cluster.json --parameters '{"destination": "rack1-a"}'
expect 'MyModel, 0 events, test_value' "$built/hypsometer" model show dummy
echo '[{"event_type": "dummy", "publisher_id": "anybody", "payload": {}}]' >"$work/events.json"
expect 'events 0 -> 1' "$built/hypsometer" model replay --collector dummy --notifications "$work/events.json"
expect '0 events, at most 1 expected' "$built/hypsometer" audit run --strategy count_events --explain
echo "plug-ins decided, and were decided by"

cat >"$work/hypsometer.conf" <<END
[DEFAULT]
libvirt_uri = test:///default
plugin_dirs = $work/plugins
state_dir = $work
END
echo 'sources: [{name: all, interval: 1, meters: ["*"]}]' >"$work/polling.yaml"
cat >"$work/pipeline.yaml" <<END
sources: [{name: all, meters: ["*"], sinks: [file]}]
sinks: [{name: file, publishers: ["file://$work/samples"]}]
END
"$built/hypsometer-polling" --config-file "$work/hypsometer.conf" 2>"$work/log" &
agent=$!
wait_for "sample of the Swift plug-in" grep -qs host.load.1min "$work/samples"
wait_for "sample of the Python plug-in" grep -qs host.uptime "$work/samples"
"$built/hypsometer" plugin list --config-file "$work/hypsometer.conf"
rm "$work/plugins/"*
kill -HUP $agent
wait_for "reload" grep -q 'configuration reloaded' "$work/log"
sleep 2
: >"$work/samples"
wait_for "sample of our own" grep -q '"name":"cpu"' "$work/samples"
sleep 2
if grep -E 'host.(load|uptime)' "$work/samples"; then echo "a plug-in that was removed still gives samples" >&2; exit 1; fi
kill -TERM $agent
wait $agent
agent=
echo "plug-ins dropped in, seen, removed, gone"

# The fleet service with the extension, and again without it.
mkdir -p "$work/extensions"
cp "$work/build/release/rack-places" Examples/extension/rack-places.entry_points "$work/extensions/"
cat >"$work/fleet.conf" <<END
[DEFAULT]
plugin_dirs = $work/extensions
state_dir = $work
[fleet]
listen = 127.0.0.1:0
database = $work/fleet.db
token_file = $work/fleet.token
[nailgun.extensions.rack_places]
capacity = 1
END
serve() {
    : >"$work/log"
    "$built/hypsometer" fleet serve --config-file "$work/fleet.conf" 2>"$work/log" &
    agent=$!
    wait_for "fleet service" grep -qs 'http=' "$work/log"
    export HYPSOMETER_FLEET_URL="http://$(sed -n 's/.*http=\([0-9.:]*\).*/\1/p' "$work/log" | tail -1)"
    export HYPSOMETER_FLEET_TOKEN_FILE="$work/fleet.token"
}
ask() { # METHOD PATH [BODY]
    curl -s -X "$1" -H "Authorization: Bearer $(cat "$work/fleet.token")" ${3:+-d "$3"} "$HYPSOMETER_FLEET_URL$2"
}
serve
"$built/hypsometer" fleet extension list | grep 'rack_places.*running'
"$built/hypsometer" fleet extension db status rack_places | grep -c '00[12]-' | grep -qx 2
for number in 1 2; do
    ask POST /v1/nodes "{\"mac\": \"52:54:00:00:00:0$number\", \"status\": \"discover\"}" >/dev/null
done
ask PUT /v1/nodes/1 '{"labels": {"rack": "r1"}}' >/dev/null
is_placed() { ask GET /v1/racks | grep -qF '{"rack": "r1", "nodes": 1}'; }
wait_for "node in its rack" is_placed
ask PUT /v1/nodes/2 '{"labels": {"rack": "r1"}}' | grep -F 'rack r1 is full'
kill -TERM $agent
wait $agent
rm "$work/extensions/"*
serve
ask PUT /v1/nodes/2 '{"labels": {"rack": "r1"}}' | grep -qF '"rack": "r1"'
"$built/hypsometer" fleet extension list | grep 'rack_places.*missing'
"$built/hypsometer" fleet extension db purge rack_places
kill -TERM $agent
wait $agent
agent=
echo "an extension dropped in, asked, told, removed, gone"

# Two pipelines, of which the second builds on the first, decide how often the nodes of a busy rack are polled.
cp "$work/build/release/rack-polling" "$work/extension-pipelines/rack-polling.entry_points" \
    "$work/extensions/"
if [ -e "$work/extension-logging" ]; then
    cp "$work/build/release/additional-logger" \
        "$work/extension-logging/additional-logger.entry_points" "$work/extensions/"
fi
serve
"$built/hypsometer" fleet cluster create one --extension rack_polling
if [ -e "$work/extension-logging" ]; then "$built/hypsometer" fleet extension enable 1 additional_logger; fi
"$built/hypsometer" fleet cluster assign 1 1 2 >/dev/null
ask PUT /v1/clusters/1 '{"attributes": {"busy_racks": ["r1"]}}' >/dev/null
"$built/hypsometer" fleet deploy 1 --dry-run | grep -F 'extension rack_polling, pipeline BusyRacks'
"$built/hypsometer" fleet deploy 1 | grep -E 'generation +1'
"$built/hypsometer" fleet config explain 1 /polling/sources/usual/interval | tail -1 | grep -E ' 30$'
if [ -e "$work/extension-logging" ]; then
    ask GET /v1/clusters/1/generations/1 | grep -qF 'deployment started at 2'
    grep -q 'Cluster 1 will be deployed soon' "$work/log"
fi
"$built/hypsometer" fleet export 1 "$work/inventory"
grep -q '"interval": 30' "$work/inventory/host_vars/"*
kill -TERM $agent
wait $agent
agent=
echo "pipelines dropped in, run, explained, exported"
