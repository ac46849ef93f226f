#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Lists what the programs are made of, with version, licence and reason: Swift packages that are built in, and Debian's
# libraries that are linked. As a table, or with --spdx as an SPDX 2.3 document (tag and value).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
reasons=packaging/dependencies.txt
checkouts=.build/checkouts
[ -d "$checkouts" ] || swift package resolve >&2

licence() { # DIRECTORY: the licence's SPDX name, from the text that is there
    local text
    text=$(cat "$1"/LICENSE* "$1"/License* 2>/dev/null | tr -s ' \n' ' ')
    case $text in
    *"Apache License"*) echo Apache-2.0 ;;
    *"Permission is hereby granted, free of charge"*) echo MIT ;;
    *) echo NOASSERTION ;;
    esac
}
reason() { awk -v name="$1" '$1 == name { $1 = ""; print substr($0, 2) }' "$reasons"; }
rows() { # name, version, licence, reason, apart by tabs
    local directory name version
    for directory in "$checkouts"/*; do
        name=$(basename "$directory")
        version=$(git -C "$directory" describe --tags --always 2>/dev/null)
        printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$(licence "$directory")" "$(reason "$name")"
    done
    while read -r name; do
        version=$(dpkg-query -W -f='${Version}' "$name" 2>/dev/null || echo -)
        printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$(reason "$name" | sed 's/:.*//')" "$(reason "$name" | sed 's/^[^:]*: //')"
    done < <(awk '$2 ~ /^[A-Za-z0-9.-]+:$/ && $1 !~ /^GRDB/ { print $1 }' "$reasons")
}
if [ "${1:-}" = --spdx ]; then
    release=$(sed -nE 's/.*static let text = "([^"]+)".*/\1/p' Sources/hypsometer-polling/Version.swift)
    printf '%s\n' "SPDXVersion: SPDX-2.3" "DataLicense: CC0-1.0" "SPDXID: SPDXRef-DOCUMENT" \
        "DocumentName: hypsometer-$release" "DocumentNamespace: urn:hypsometer:sbom:$release" \
        "Creator: Tool: packaging/sbom.sh" "Created: $(git log -1 --format=%cd --date=format:%FT%TZ 2>/dev/null || date -u +%FT%TZ)"
    rows | while IFS=$'\t' read -r name version licence reason; do
        printf '\nPackageName: %s\nSPDXID: SPDXRef-%s\nPackageVersion: %s\nPackageDownloadLocation: NOASSERTION\nFilesAnalyzed: false\nPackageLicenseConcluded: %s\nPackageComment: <text>%s</text>\n' \
            "$name" "${name//[^A-Za-z0-9.-]/-}" "$version" "$licence" "$reason"
    done
else
    printf '| Name | Version | Licence | Why it is there |\n|---|---|---|---|\n'
    rows | awk -F '\t' '{ printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }'
fi
