#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# report.sh: merge the reports of 1,000 and of 10,000 nodes, each with the size of a real
# audit. It fails if a report costs more than RATIO_MAX times as much among the many, or if
# the memory exceeds MEMORY_MAX.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${CC:=cc}" "${ROUNDS:=3}"
SMALL=1000 LARGE=10000
RATIO_MAX=1.3
MEMORY_MAX=65536 # KiB

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hosttune=$(realpath -e "$B/hosttune")

# shellcheck disable=SC2086 # CC may contain options
$CC -std=gnu11 -D_GNU_SOURCE -O2 -static -o "$work/pair" tests/bench/pair.c

# reports N: write N reports to $work/N. Most nodes have the values of this machine; every
# tenth has another one, and every thousandth its own.
reports() {
	mkdir "$work/$1"
	awk -v n="$1" -v dir="$work/$1" '
		{ line[NR] = $0 }
		END {
			for (i = 1; i <= n; i++) {
				file = dir "/node" i ".json"
				name = sprintf("\"name\": \"ip-10-%d-%d.us-west-2.compute.internal\"", i / 256, i % 256)
				for (l = 1; l <= NR; l++) {
					text = line[l]
					if (text ~ /^    "name": /)
						sub(/"name": [^,]*/, name, text)
					else if (text ~ /"live": "/ && i % 1000 == 0)
						text = "      \"live\": \"" i "\","
					else if (text ~ /"live": "/ && i % 10 == 0)
						text = "      \"live\": \"10\","
					print text >file
				}
				close(file)
			}
		}' "$work/audit.json"
}

# Exits with 1 if this machine differs from the profile, which is fine; pair expects 0.
merge() {
	printf '#!/bin/sh\n"%s" report "%s" || [ $? -eq 1 ]\n' "$hosttune" "$work/$1" >"$work/merge$1"
	chmod 755 "$work/merge$1"
	echo "$work/merge$1"
}

"$hosttune" --no-api audit -o json nfs-server >"$work/audit.json" 2>/dev/null || [ $? -le 5 ]
mkdir "$work/none"
cp "$work/audit.json" "$work/none/one.json"
reports $SMALL
reports $LARGE
"$work/pair" "$ROUNDS" "$(merge none)" -- "$(merge $SMALL)" -- "$(merge $LARGE)" >"$work/numbers"
echo "merging reports of $(wc -c <"$work/audit.json") bytes: processor time for each in us, peak memory in KiB"
awk -v small=$SMALL -v large=$LARGE -v ratio_max=$RATIO_MAX -v memory_max=$MEMORY_MAX '
{ cpu[NR] = $2; rss[NR] = $4 }
END {
	us[2] = (cpu[2] - cpu[1]) * 1000 / small
	us[3] = (cpu[3] - cpu[1]) * 1000 / large
	printf "%9s %9s %9s\n", "reports", "us", "KiB"
	printf "%9d %9.1f %9d\n", small, us[2], rss[2]
	printf "%9d %9.1f %9d\n", large, us[3], rss[3]
	ratio = us[3] / us[2]
	printf "ratio %.2f (at most %s), memory %.1f MiB (at most %d)\n", ratio, ratio_max, rss[3] / 1024, memory_max / 1024
	exit ratio > ratio_max || rss[3] > memory_max
}' "$work/numbers"
