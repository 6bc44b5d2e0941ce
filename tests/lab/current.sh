#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# docs/effect.md, its plots and lib/explain/effect.def are what tests/lab/page writes of
# docs/effect/ratios.tsv; and runs with another seed confirm most of it.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh

same() {
	cp -r --parents docs/effect docs/effect.md tests/lab lib/explain/effect.def "$work" &&
		(cd "$work" && tests/lab/page) &&
		diff -r docs/effect "$work/docs/effect" &&
		diff docs/effect.md "$work/docs/effect.md" &&
		diff lib/explain/effect.def "$work/lib/explain/effect.def"
}

# An experiment without the parts of its header has no page.
headers() {
	for file in tests/lab/*.sh; do
		grep -q '^# Question: ' "$file" || continue
		for part in Method Arms Metrics 'Refuted if' Answer Limits VM; do
			grep -q "^# $part: " "$file" || { echo "$file: no \"$part:\"" && return 1; }
		done
	done
}

# Ratios that runs with another seed contradict: two in five at most.
confirmed() {
	awk '/^\*Another seed\.\*/ { a += $3; b += $5 }
		END { print a " of " b " ratios repeat"; exit !(b > 0 && a * 5 >= b * 3) }' docs/effect.md
}

check "each experiment states its question, method, answer, limits, and what would refute it" headers
check "docs/effect.md and the ratios of hosttune explain are those of docs/effect/ratios.tsv" same
check "another seed confirms three in five ratios" confirmed
summary
