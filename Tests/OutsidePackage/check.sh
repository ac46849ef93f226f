#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds and tests Examples/third-party as its author would: in a folder of its own, from a repository named by URL and
# version. Nothing but the rooms that decide and collect may be built for it: no agent, no web server, no libvirt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet --bare . "$work/hypsometer"
git -C "$work/hypsometer" tag --force 0.1.0 HEAD >/dev/null
cp -r Examples/third-party "$work/package"
export HYPSOMETER_URL="file://$work/hypsometer"
swift test --package-path "$work/package"
# What was planned leaves a folder, what was compiled a module.
built=$(cd "$work/package/.build/debug/Modules" && printf '%s\n' *.swiftmodule | sed 's/\.swiftmodule$//' | tr '\n' ' ')
allowed="ClusterModel DecisionEngine ModelCollectors Optimization XMLTree"
for module in $built; do
    case " $allowed ThirdParty ThirdPartyTests " in
        *" $module "*) ;;
        *) [[ $module == third_partyPackage*Tests ]] && continue # the test runner's own
            echo "$module is built for a package that only decides and collects; allowed: $allowed" >&2
            exit 1
            ;;
    esac
done
echo "built: $built"
