#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages: hypsometer-agent (the polling agent alone) and hypsometer (the management side).
#   packaging/deb.sh [DIRECTORY [VERSION]]    # they go to DIRECTORY, else .build/deb; VERSION is else the release's
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/dependencies.sh
need_swift
install_packages $BUILD_PACKAGES debhelper
mkdir -p "${1:-.build/deb}"
out=$(cd "${1:-.build/deb}" && pwd)
release=$(sed -nE 's/.*static let text = "([^"]+)".*/\1/p' Sources/hypsometer-polling/Version.swift)
version=${2:-$release}

programs=${HYPSOMETER_PROGRAMS:-$(packaging/release.sh)} # a directory with programs that are built already
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
tree=$stage/hypsometer-$version
mkdir "$tree" "$tree/built"
cp -r packaging/debian "$tree/debian"
cp -r conf CHANGELOG.md "$tree"
cp "$programs/hypsometer-polling" "$programs/hypsometer" "$tree/built"
packaging/manual.sh "$programs" "$tree/built"

# Each unit with what confines it, which one file says for all.
for unit in packaging/systemd/*.service; do
    name=$(basename "$unit" .service)
    package=hypsometer
    [ "$name" != hypsometer-polling ] || package=hypsometer-agent
    cp "$unit" "$tree/debian/$package.$name.service"
    install -D -m 644 packaging/systemd/confined.conf "$tree/built/units/$package/$name.service.d/confined.conf"
done
when=$(git log -1 --format=%cD 2>/dev/null || date -R)
cat >"$tree/debian/changelog" <<END
hypsometer ($version) stable; urgency=medium

  * CHANGELOG.md, in /usr/share/doc, has what is new.

 -- $(sed -n 's/^Maintainer: //p' packaging/debian/control)  $when
END
cd "$tree"
DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -b -us -uc -d >"$stage/log" 2>&1 ||
    { tail -40 "$stage/log" >&2; exit 1; }
cp "$stage"/*.deb "$out"
for package in hypsometer-agent hypsometer; do
    echo "$out/${package}_${version}_$(dpkg --print-architecture).deb"
done
