#!/usr/bin/env bash
# SPDX-FileCopyrightText: Brewline contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# layering.sh FOLDER: checks every tracked file of the work tree in FOLDER, or every file when FOLDER is none.
set -euo pipefail

rules="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)/layering.awk"
cd -- "$1"
here=$(pwd -P)

# A build as root of somebody else's clone is no danger here: git only lists.
git=(git -c safe.directory='*')
if [[ $("${git[@]}" rev-parse --show-toplevel 2>/dev/null) == "$here" ]]; then
    files=("${git[@]}" ls-files -z)
else
    files=(find . '(' -path ./build -o -path ./.git ')' -prune -o -type f -printf '%P\0')
fi
"${files[@]}" | while IFS= read -r -d '' file; do
    # A file can be tracked and yet removed in the work tree.
    if [[ -f $file ]]; then
        printf '%s\n' "$file"
    fi
done | awk -f "$rules"
