#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the programs as they are shipped, and prints the directory that has them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Swift's libraries in the programs themselves: they need no Swift where they run, and less memory.
release=(-c release --static-swift-stdlib)
swift build "${release[@]}" --product hypsometer-polling >&2
swift build "${release[@]}" --product hypsometer >&2
swift build "${release[@]}" --show-bin-path
