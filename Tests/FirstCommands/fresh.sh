#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a newcomer does, on a Debian 12 that has Swift and git and nothing else: clone, README's first command, README's
# second, the packages. Needs root and Debian's mirror; takes as long as two builds.
#   Tests/FirstCommands/fresh.sh [try] [test] [deb]    # else all three
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for step in "$@"; do
    case $step in try | test | deb) ;; *) echo "$0: no step $step; allowed: try, test, deb" >&2; exit 2 ;; esac
done
source packaging/dependencies.sh
need_swift
install_packages debootstrap
swift=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")") # /opt/swift of /opt/swift/usr/bin/swift-driver
work=$(mktemp -d)
root=$work/root
trap 'umount -R -l "$root" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT

# What Swift itself needs on Debian, of which nothing is there for us.
debootstrap --variant=minbase --include=ca-certificates,git,gcc,g++,binutils,libc6-dev,libstdc++-12-dev,zlib1g-dev,libcurl4,libedit2,libxml2,libncurses6,libpython3.11,libsqlite3-0,tzdata \
    bookworm "$root" >"$work/debootstrap" || { tail "$work/debootstrap"; exit 1; }
mount --bind "$root" "$root" # what is mounted inside goes with it
mkdir -p "$root$swift"
mount --bind "$swift" "$root$swift"
# Where this machine has packages' sources elsewhere, by git's word, they are there for the newcomer too.
{ git config --get-regexp '^url\..*\.insteadof$' || true; } | while read -r key value; do
    git config --file "$root/root/.gitconfig" --add "$key" "$value"
    place=${key#url.}; place=${place%.insteadof}
    if [ -d "$place" ]; then mkdir -p "$root$place"; mount --bind "$place" "$root$place"; fi
done
mount -t proc proc "$root/proc"
mount --rbind --make-rslave /sys "$root/sys" # as slaves: what is unmounted here stays mounted outside
mount --rbind --make-rslave /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
cp /etc/resolv.conf /etc/hosts "$root/etc/" # a Debian that is installed knows its own name
git clone -q . "$root/root/hypsometer"
inside() { # COMMAND...
    # In namespaces of its own: what it leaves behind ends with it.
    unshare --pid --fork --mount-proc="$root/proc" --kill-child chroot "$root" \
        env -i HOME=/root PATH="$swift/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin" LC_ALL=C.UTF-8 "$@"
}
for step in ${*:-try test deb}; do
    begin=$SECONDS
    case $step in
    try) inside /root/hypsometer/Tests/FirstCommands/try.sh ;;
    test)
        inside /root/hypsometer/packaging/test.sh >"$work/test" 2>&1 || { grep -E '^. Test .* (failed after|recorded an issue)|error: ' "$work/test" || tail -20 "$work/test"; exit 1; }
        grep 'Test run with' "$work/test" | tail -1
        ;;
    deb)
        inside /root/hypsometer/packaging/deb.sh /root/packages >"$work/deb" 2>&1 || { tail -20 "$work/deb"; exit 1; }
        (cd "$root/root/packages" && ls -l ./*.deb)
        ;;
    esac
    echo "ok: $step on a fresh Debian ($((SECONDS - begin)) s)"
done
