#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages, and installs, upgrades, removes and purges them in a fresh Debian 12 that runs its own
# systemd (in a container, which needs root and reaches Debian's mirror).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source packaging/dependencies.sh
install_packages debootstrap systemd-container curl
work=$(mktemp -d)
root=$work/root
container=
end() {
    if [ -n "$container" ]; then kill -TERM "$container" 2>/dev/null; wait "$container" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap end EXIT

inside() { nsenter -t "$leader" -m -u -i -p -r -w -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
fail() {
    echo "FAILED: $*"
    inside journalctl --no-pager -n 30 -u 'hypsometer*' || true
    exit 1
}
said=0
holds() { # WHAT COMMAND...: within a minute
    local what=$1 tries=0; shift
    until "$@" >"$work/output" 2>&1; do
        if [ $((tries += 1)) -gt 120 ]; then cat "$work/output"; fail "$what"; fi
        sleep 0.5
    done
    said=$((said + 1))
    echo "ok: $what"
}
install_deb() { # FILE...
    cp "$@" "$root/opt/"
    inside env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
        install --no-install-recommends "${@/#*\//\/opt/}" >"$work/apt" 2>&1 || { tail -20 "$work/apt"; fail "apt install"; }
}
property() { inside systemctl show -P "$1" "$2"; }
restarted() { [ "$(property MainPID "$1")" != "$2" ] && [ "$(property ActiveState "$1")" = active ]; }
score() { inside systemd-analyze security --no-pager "$1" | sed -nE 's/.*exposure level for .*: ([0-9.]+) .*/\1/p'; }

packaging/deb.sh "$work/now" >"$work/built" || { cat "$work/built"; exit 1; }
packaging/deb.sh "$work/next" 99.0 >/dev/null
ls -l "$work/now"/*.deb

if [ -n "${HYPSOMETER_DEBIAN:-}" ]; then # a directory with what debootstrap makes
    cp -a "$HYPSOMETER_DEBIAN" "$root"
else
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates bookworm "$root" >"$work/debootstrap" ||
        { tail "$work/debootstrap"; exit 1; }
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
systemd-nspawn -q -D "$root" --register=no --keep-unit --resolv-conf=off -b >"$work/boot" 2>&1 </dev/null &
container=$!
leader=
until [ -n "$leader" ]; do sleep 0.2; leader=$(pgrep -P "$container" -x systemd) || kill -0 $container; done
holds "a Debian without hypsometer runs" inside systemctl is-system-running --wait

# Agent: it starts as it is installed, as its own user, with nobody's hypervisor yet.
install_deb "$work"/now/hypsometer-agent_*.deb
holds "the agent runs once it is installed" inside systemctl is-active hypsometer-polling
agent=$(property MainPID hypsometer-polling)
holds "as its own user" inside sh -c "test \$(stat -c %U /proc/$agent) = hypsometer"
holds "settings are for it and for root alone" inside sh -c 'test "$(stat -c %U:%G:%a /etc/hypsometer/hypsometer.conf)" = root:hypsometer:640'
holds "it has a manual page" inside test -s /usr/share/man/man8/hypsometer-polling.8.gz
inside sh -c 'mkdir -p /etc/hypsometer/hypsometer.conf.d
    printf "[DEFAULT]\nlibvirt_uri = test:///default\n" >/etc/hypsometer/hypsometer.conf.d/here.conf
    sed -i "s/interval: .*/interval: 1/" /etc/hypsometer/polling.yaml
    systemctl reload hypsometer-polling'
holds "a reload gives it a hypervisor, and samples come" inside grep -m 1 '"cpu_util"' /var/lib/hypsometer/samples.jsonl
inside sh -c 'echo "libvirt_url = x" >>/etc/hypsometer/hypsometer.conf.d/here.conf; systemctl reload hypsometer-polling'
holds "a wrong setting is told with its place" inside sh -c 'journalctl -u hypsometer-polling | grep "here.conf:3: .*libvirt_url"'
holds "and the agent runs on" inside sh -c "test -d /proc/$agent"
inside sed -i '$d' /etc/hypsometer/hypsometer.conf.d/here.conf
inside sh -c 'mkdir -p /run/systemd/system/hypsometer-polling.service.d
    printf "[Service]\nWatchdogSec=6\nRestartSec=1\n" >/run/systemd/system/hypsometer-polling.service.d/soon.conf
    systemctl daemon-reload; systemctl restart hypsometer-polling'
agent=$(property MainPID hypsometer-polling)
inside sh -c "kill -STOP $agent"
holds "the watchdog starts an agent anew that hangs" restarted hypsometer-polling "$agent"

# Upgrade: what the operator changed stays, and the new program runs.
agent=$(property MainPID hypsometer-polling)
install_deb "$work"/next/hypsometer-agent_*.deb
holds "an upgrade restarts the agent" restarted hypsometer-polling "$agent"
holds "and keeps what the operator changed" inside grep -q "interval: 1$" /etc/hypsometer/polling.yaml

# Management side: off until enabled.
install_deb "$work"/now/hypsometer_*.deb
for unit in packaging/systemd/*.service; do
    name=$(basename "$unit" .service)
    holds "systemd finds nothing wrong in $name" inside sh -c "! systemd-analyze verify --man=no $name.service 2>&1 | grep -i hypsometer"
    holds "$name is confined ($(score "$name") of 10 exposed)" awk "BEGIN { exit !($(score "$name") < 2.5) }"
done
services=$(basename -s .service packaging/systemd/*.service | grep -v polling)
holds "the management side is off until it is enabled" inside sh -c "! systemctl is-enabled $(echo $services)"
inside systemctl -q enable --now hypsometer-collector
holds "the collector runs once it is enabled" inside systemctl is-active hypsometer-collector
inside sed -i 's#"file:.*"#"http://127.0.0.1:4953"#' /etc/hypsometer/pipeline.yaml
inside systemctl reload hypsometer-polling
holds "and answers with what the agent sends" sh -c \
    'curl -fs "http://127.0.0.1:4953/v1/measures?meter=cpu_util&start=-600" | grep "\"series\":\[{"'

# Away: settings stay until they are purged, data until the last package is.
inside apt-get -qq -y remove hypsometer-agent >/dev/null 2>&1
holds "removed, the agent is gone" inside sh -c "! grep -qsx hypsometer-poll /proc/[0-9]*/comm && test ! -e /usr/bin/hypsometer-polling"
holds "and its settings are there still" inside test -e /etc/hypsometer/polling.yaml
inside apt-get -qq -y purge hypsometer-agent >/dev/null 2>&1
holds "purged, they are gone, and the collector's data are not" inside sh -c \
    "test ! -e /etc/hypsometer/polling.yaml && test -e /var/lib/hypsometer/samples.db"
inside apt-get -qq -y purge hypsometer >/dev/null 2>&1
holds "with the last package its data go" inside sh -c "test ! -e /var/lib/hypsometer && test ! -e /etc/hypsometer/hypsometer.conf.d/collector.conf"
echo "$said passed, 0 failed"
