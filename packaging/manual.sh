#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Writes the programs' manual pages, from what the programs themselves say:   packaging/manual.sh PROGRAMS DIRECTORY
set -euo pipefail
programs=$(cd "$1" && pwd)
out=$(cd "$2" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# swift-argument-parser has the tool, but no product of that name.
parser=.build/checkouts/swift-argument-parser
tool=(--package-path "$parser" --scratch-path .build/manual-tool)
swift build -q "${tool[@]}" --product generate-manual >&2 2>/dev/null || swift build "${tool[@]}" --product generate-manual >&2
for program in hypsometer-polling hypsometer; do
    "$(swift build "${tool[@]}" --show-bin-path)/generate-manual" "$programs/$program" --section 8 \
        --date "$(git log -1 --format=%cs 2>/dev/null || date +%F)" --output-directory "$out" >&2
done
