#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# json.sh DIR: the results of bench.sh as JSON.
set -eu
jq -n --rawfile rows "$1/rows" --rawfile machine "$1/machine" --rawfile skipped "$1/skipped" --rawfile images "$1/images" '
	def lines: split("\n") | map(select(. != "") | split("\t"));
	def number: if . == "-" then null else (tonumber? // .) end;
	{
		machine: ($machine | lines | map({(.[0]): .[1]}) | add),
		rows: ($rows | lines | map({
			section: .[0], size: .[1] | number, program: .[2], wall_ms: .[3] | number, cpu_ms: .[4] | number,
			ratio: .[5] | number, ratio_quartiles: [.[6], .[7]] | map(number), peak_kib: .[8] | number,
			system_calls: .[9] | number})),
		images: ($images | lines | map({image: .[0], files_kib: .[1] | number, compressed_kib: .[2] | number,
			ratio: .[3] | number})),
		skipped: ($skipped | lines | map({section: .[0], program: .[1], why: .[2]}))
	}'
