#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# confine.sh: what it costs to parse a profile in a process apart, and what part of the time of
# a whole audit that is. It should be at most RATIO_MAX of an audit; no result fails it.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${CC:=cc}" "${ROUNDS:=200}"
RATIO_MAX=0.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hosttune=$(realpath -e "$B/hosttune")

# shellcheck disable=SC2046,SC2086 # lists of words
$CC -std=gnu11 -D_GNU_SOURCE -O2 -Ilib -o "$work/confine" tests/bench/confine.c "$B/libhosttune.a" \
	$(pkg-config --libs yaml-0.1 jansson)
# shellcheck disable=SC2086 # CC may contain options
$CC -std=gnu11 -D_GNU_SOURCE -O2 -static -o "$work/pair" tests/bench/pair.c
printf 'version: 1\nsysctl: {vm.swappiness: 10}\n' >"$work/p.yaml"
printf '#!/bin/sh\n"%s" audit --no-api "%s" || [ $? -eq 1 ]\n' "$hosttune" "$work/p.yaml" >"$work/audit"
chmod 755 "$work/audit"
{
	"$work/confine" "$ROUNDS"
	"$work/pair" 20 "$work/audit"
} >"$work/numbers"
awk -v max=$RATIO_MAX '
{ wall[NR] = $1; cpu[NR] = $2 }
END {
	printf "parsing here: %d us; apart: %d us (processor: %d us); an audit: %d us of processor time\n", wall[1], wall[2], cpu[2], cpu[3] * 1000
	ratio = cpu[2] / (cpu[3] * 1000)
	printf "parsing apart takes %.2f of an audit (at most %.2f)\n", ratio, max
	if (ratio > max)
		print "that is more than it should be"
}' "$work/numbers"
