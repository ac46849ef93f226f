#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Writes docs/settings.md and docs/meters.md from what the programs say of themselves; with --check it tells whether they
# are what they would be.   packaging/reference.sh [--check] [PROGRAMS]    # else those of the debug build
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
check=
[ "${1:-}" != --check ] || { check=yes; shift; }
programs=${1:-.build/debug}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
touch "$out/empty.conf"
asked() { env -u OS_CLOUD "$programs/$@" --config-file "$out/empty.conf" 2>/dev/null; }

settings() { # TITLE PROGRAM ARGUMENT...: the sample file as tables
    printf '\n## %s\n' "$1"
    shift
    asked "$@" --print-config | awk '
        function row(name, value) {
            gsub(/\|/, "\\|", text)
            allowed = ""
            if (match(text, / ?Allowed: .*/)) {
                allowed = substr(text, RSTART); sub(/^ ?Allowed: /, "", allowed); sub(/\.$/, "", allowed)
                text = substr(text, 1, RSTART - 1)
            }
            printf "| `%s` | %s | %s | %s |\n", name, value == "" ? "" : "`" value "`", text, allowed
            text = ""
        }
        /^\[/ { printf "\n### %s\n\n| Setting | Default | What it does | Allowed |\n|---|---|---|---|\n", $0; text = ""; next }
        /^#[a-z_]+ =/ { name = $1; sub(/^#/, "", name); value = $0; sub(/^#[a-z_]+ = ?/, "", value); row(name, value); next }
        /^# ?/ { line = $0; sub(/^# ?/, "", line); text = text == "" ? line : text " " line; next }
        /^$/ { if (text != "") text = "" }'
}

{
    echo "# Settings"
    echo
    echo "Made by \`packaging/reference.sh\` from what \`--print-config\` prints. Each can also be set in the environment:"
    echo "\`OS_<SECTION>__<NAME>\`. What a section has in more than one service means the same in each. In values"
    echo "\`\$name\`, \`\${name}\` and \`\$section.name\` stand for what another option is set to, \`\$\$\` for a dollar sign."
    settings "The polling agent" hypsometer-polling
    settings "The collector" hypsometer collector
    settings "The notification service" hypsometer notification
    settings "Audits" hypsometer audit run
    settings "The fleet service" hypsometer fleet serve
} >"$out/settings.md"

{
    echo "# Meters"
    echo
    echo "Made by \`packaging/reference.sh\` from what \`hypsometer-polling --list-pollsters\` prints, with the definitions of"
    echo "\`conf/pollsters.d\`. \`cumulative\` grows until its resource starts anew, \`delta\` is what came since the cycle before,"
    echo "\`gauge\` is what is now. Those of notifications are in \`conf/meters.d\`."
    printf '[DEFAULT]\npollsters_definitions_dirs = %s\n' "$PWD/conf/pollsters.d" >"$out/meters.conf"
    "$programs/hypsometer-polling" --config-file "$out/meters.conf" --list-pollsters 2>/dev/null | awk '
        NR == 1 { split("POLLSTER METER TYPE UNIT", heads); for (i in heads) at[heads[i]] = index($0, heads[i]); next }
        function cell(name, to) { s = substr($0, at[name], to - at[name]); gsub(/^ +| +$/, "", s); return s }
        {
            if ($1 != namespace) { namespace = $1; printf "\n## %s\n\n| Meter | Type | Unit | Pollster |\n|---|---|---|---|\n", namespace }
            printf "| `%s` | %s | %s | `%s` |\n", cell("METER", at["TYPE"]), cell("TYPE", at["UNIT"]), cell("UNIT", 999), cell("POLLSTER", at["METER"])
        }'
} >"$out/meters.md"

for file in settings.md meters.md; do
    [ "$(wc -l <"$out/$file")" -gt 40 ] || { echo "$file: the programs said too little"; exit 1; }
    if [ -n "$check" ]; then
        diff -u "docs/$file" "$out/$file" || { echo "docs/$file: packaging/reference.sh makes another"; exit 1; }
    else
        cp "$out/$file" docs
    fi
done
