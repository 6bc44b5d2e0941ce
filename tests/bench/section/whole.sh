# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# Sections of the bench about whole runs and large inputs; bench.sh sources it.
: "${work:?}" "${out:?}" "${static:?}" "${ordinary:?}" "${n:=0}"

# The script that an administrator would write: sysctls by systemd, and settings by the API, sent
# only if they differ.
write_script() {
	cat >"$work/script" <<-END
		#!/bin/sh
		set -eu
		/lib/systemd/systemd-sysctl "$work/sysctl.conf"
		live=\$(curl -sS --unix-socket "$work/api.sock" 'http://localhost/settings?prefix=settings.motd')
		[ "\$(printf %s "\$live" | jq -r .motd)" = hello ] || {
			curl -sS --unix-socket "$work/api.sock" -X PATCH -H 'Content-Type: application/json' \
				-d '{"motd": "hello"}' 'http://localhost/settings?tx=script'
			curl -sS --unix-socket "$work/api.sock" -X POST -d '' 'http://localhost/tx/commit_and_apply?tx=script'
		}
	END
	chmod 755 "$work/script"
}

bench_run() {
	section run "a bootstrap run without storage: $n sysctls and a setting, all in sync, with the API's stub; TuneD: the sysctls only"
	if [ "$(id -u)" != 0 ]; then
		skip "the whole section" "it opens sysctls for writing, which needs root"
		return
	fi
	echo '{"motd": "hello"}' >"$work/settings.json"
	"$B/api-stub" --settings "$work/settings.json" "$work/api.sock" >"$work/stub.log" 2>&1 &
	stub=$!
	until [ -S "$work/api.sock" ]; do
		kill -0 $stub 2>/dev/null || { skip "the whole section" "$(tail -n 1 "$work/stub.log")" && return; }
		sleep 0.1
	done
	{
		sed 's/^version: 1$/&\npersist: false/' "$work/live.yaml"
		echo 'settings: {motd: hello}'
	} >"$work/run.yaml"
	write_script
	set -- apply --api-socket "$work/api.sock" --state-dir "$work/state" "$work/run.yaml"
	ROUNDS=$((ROUNDS / 10 + 5)) contest "$n" "hosttune, static" "$static" "$@" -- "hosttune, ordinary" "$ordinary" "$@" \
		-- "systemd-sysctl, sh, curl, jq" "$work/script" -- "TuneD, one shot" "$work/tuned"
	kill $stub
	wait $stub || :
	stub=''
}

bench_bundle() {
	section bundle "the audit of what a capture of this machine finds, here and from a bundle"
	"$ordinary" capture >"$work/now.yaml" 2>/dev/null
	"$ordinary" collect "$work/node.tar" >/dev/null
	"$ordinary" collect "$work/node" >/dev/null
	for program in "$static" "$ordinary"; do
		EXIT_MAX=1 ROUNDS=$((ROUNDS / 4 + 1)) contest "$([ "$program" = "$static" ] && echo static || echo ordinary)" \
			"this machine" "$program" audit "$work/now.yaml" \
			-- "bundle in one file" "$program" audit --bundle "$work/node.tar" "$work/now.yaml" \
			-- "bundle in a directory" "$program" audit --bundle "$work/node" "$work/now.yaml"
	done
}

# A log of $1 MiB: lines of a healthy node, and an incident 10 times for each MiB.
generate_log() {
	awk -v bytes=$(($1 * 1048576)) '
	BEGIN { while ((getline line < "tests/diagnose/logs/ena-writeback-2.13.txt") > 0) incident = incident line "\n" }
	BEGIN {
		for (i = 0; written < bytes; i++) {
			line = sprintf("[%5d.%06d] audit: type=1400 audit(1732019696.%03d:%d): avc: denied { read } for pid=%d comm=\"node\"\n",
				10000 + i / 100, i % 1000000, i % 1000, i, i)
			if (i % 900 == 0)
				line = line incident
			printf "%s", line
			written += length(line)
		}
	}'
}

bench_diagnose() {
	section diagnose "a kernel log of so many MiB; wc -l only counts its lines"
	for mib in ${LOGS:-1 64} ${LARGE_LOG:-1024}; do
		generate_log "$mib" >"$work/kmsg"
		EXIT_MAX=1 ROUNDS=$((ROUNDS / (4 * mib) + 1)) with_builds "$mib" "wc -l" wc -l "$work/kmsg" \
			-- diagnose --kmsg "$work/kmsg" -q
	done
	rm "$work/kmsg"
}

# reports N: N reports in $work/reportsN, each with the size of a real audit. Most nodes have the
# values of this machine; every tenth has another one, and every thousandth its own.
reports() {
	mkdir "$work/reports$1"
	awk -v n="$1" -v dir="$work/reports$1" '
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

bench_report() {
	section report "the reports of so many nodes as one; cat only reads them"
	"$ordinary" --no-api audit -o json nfs-server >"$work/audit.json" 2>/dev/null || [ $? -le 5 ]
	for nodes in ${NODES:-1000 10000}; do
		reports "$nodes"
		find "$work/reports$nodes" -type f >"$work/reports.paths"
		EXIT_MAX=1 ROUNDS=3 with_builds "$nodes" "open, read, close" "$work/floor" -@ "$work/reports.paths" \
			-- report "$work/reports$nodes"
		rm -r "$work/reports$nodes"
	done
}

# Of a process and of its ended children, in clock ticks.
ticks() { awk '{ print $14 + $15 + $16 + $17 }' "/proc/$1/stat"; }

# watch_for SECONDS NAMESPACES: a row for a watch at rest, beside as many network namespaces.
watch_for() {
	pids=''
	for _ in $(seq "$2"); do
		unshare -n sleep 1000 &
		pids="$pids $!"
	done
	"$static" --no-api watch --metrics-file "$work/metrics" "$work/watch.yaml" 2>"$work/watch.log" &
	watch=$!
	pids="$pids $watch"
	sleep 15 # the first scan and audit
	before=$(ticks $watch)
	sleep "$1"
	used=$(($(ticks $watch) - before)) hz=$(getconf CLK_TCK)
	rss=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' /proc/$watch/status)
	# shellcheck disable=SC2086 # a list
	kill $pids
	wait || :
	pids=''
	# the ratio is that of one processor, in percent
	awk -v t=$used -v hz="$hz" -v s="$1" -v n="$2" -v rss="$rss" -v OFS='\t' 'BEGIN {
		print "watch", n, "hosttune, static", s * 1000, t * 1000 / hz, sprintf("%.3f%%", 100 * t / hz / s), "-", "-", rss, "-" }' |
		tee -a "$out/rows" | awk -F'\t' '{ printf "%8s  %-36s %9s %9s %7s %15s %7s %7s\n", $2, $3, $4, $5, $6, "of a CPU", $9, $10 }'
}

bench_watch() {
	section watch "a watch at rest for ${SECONDS_MEASURED:-60} s, interval 5 s, beside so many network namespaces that may have an NFS server"
	if [ "$(id -u)" != 0 ]; then
		skip "the whole section" "network namespaces need root"
		return
	fi
	printf 'version: 1\nsysctl: {vm.swappiness: %s}\nnfsd: {threads: 8}\npersist: false\n' \
		"$(cat /proc/sys/vm/swappiness)" >"$work/watch.yaml"
	watch_for "${SECONDS_MEASURED:-60}" 0
	# without a server, it does not look at them
	if [ "$(cat /proc/fs/nfsd/threads 2>/dev/null || echo 0)" -gt 0 ]; then
		watch_for "${SECONDS_MEASURED:-60}" 200
	else
		skip "200 network namespaces" "no NFS server runs here; tests/bench/watch.sh measures it in the VM"
	fi
}
