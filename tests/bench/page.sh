#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# page.sh DIR: docs/performance.md from the results of bench.sh in DIR, and from
# tests/bench/performance.md, which explains them.
set -eu
here=$(dirname "$0")
out=$1

# Sizes of images, for its section.
images() {
	echo '| image | files, KiB | compressed, KiB | ratio |'
	echo '|---|--:|--:|--:|'
	awk -F'\t' '{ printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }' "$out/images"
	echo
}

tables() {
	while IFS='	' read -r section text; do
		grep -q "^$section	" "$out/rows" || continue
		printf '\n### %s\n\n%s.\n\n' "$section" "$(echo "$text" | sed 's/^./\U&/')"
		[ "$section" != image ] || images
		echo '| size | program | time, ms | CPU, ms | CPU ratio (quartiles) | peak KiB | system calls |'
		echo '|--:|---|--:|--:|--:|--:|--:|'
		awk -F'\t' -v s="$section" '$1 == s {
			printf "| %s | %s | %s | %s | %s (%s to %s) | %s | %s |\n", $2, $3, $4, $5, $6, $7, $8, $9, $10 }' "$out/rows"
		awk -F'\t' -v s="$section" '$1 == s { printf "%sNot measured: %s: %s.\n", n++ ? "" : "\n", $2, $3 }' "$out/skipped"
	done <"$out/note"
}

sed '/^@RESULTS@$/,$d' "$here/performance.md"
printf '## Machine and versions\n\n| what | which |\n|---|---|\n'
awk -F'\t' '{ printf "| %s | %s |\n", $1, $2 }' "$out/machine"
printf '\n## Targets and slopes\n\n```\n'
"$here/verdict.sh" "$out"
printf '```\n\n## Tables\n'
tables
sed '1,/^@RESULTS@$/d' "$here/performance.md"
