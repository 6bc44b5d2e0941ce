#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# watch.sh: measure hosttune watch while nothing changes: memory, and processor time over
# SECONDS_MEASURED=n (60), next to 400 processes in 200 network namespaces. Needs root.
# If the kernel has an NFS server, as in the VM, its 64 threads are pinned to 8:
#
#	tests/vm/run -k 6.12 -- tests/bench/watch.sh
set -eu
cd "$(dirname "$0")/../.."
: "${B:=${HOSTTUNE_B:-build}}" "${SECONDS_MEASURED:=60}"
work=$(mktemp -d)
pids='' # each ends its children when it is killed
trap '[ -z "$pids" ] || kill $pids 2>/dev/null; rm -rf "$work"' EXIT

for _ in $(seq 200); do
	# shellcheck disable=SC2016 # for the inner shell
	unshare -n sh -c 'sleep 1000 &
		trap "kill $!" TERM
		wait' &
	pids="$pids $!"
done
printf 'version: 1\nsysctl: {vm.swappiness: %s}\nnfsd: {threads: 8}\npersist: false\n' \
	"$(cat /proc/sys/vm/swappiness)" >"$work/profile.yaml"

server=none
if modprobe nfsd 2>/dev/null; then
	ip link set lo up
	mount -t nfsd nfsd /proc/fs/nfsd
	echo '-2 -3' >/proc/fs/nfsd/versions
	echo 64 >/proc/fs/nfsd/threads
	server='8 threads'
fi

"$B/hosttune" --no-api watch --metrics-file "$work/hosttune.prom" "$work/profile.yaml" 2>"$work/log" &
watch=$!
pids="$pids $watch"

ticks() { # of the process and of its ended children
	awk '{ print $14 + $15 + $16 + $17 }' "/proc/$watch/stat"
}

sleep 20 # the first scan and audit, and their changes
before=$(ticks)
sleep "$SECONDS_MEASURED"
after=$(ticks)
hz=$(getconf CLK_TCK)
echo "hosttune watch, interval 5 s, $(ps -e --no-headers | wc -l) processes, 201 network namespaces, NFS server: $server"
awk -v t=$((after - before)) -v hz="$hz" -v s="$SECONDS_MEASURED" 'BEGIN {
	printf "processor time  %.0f ms in %d s: %.4f %% of one, %.1f ms for each look\n", t * 1000 / hz, s, 100 * t / hz / s, t * 5000 / hz / s }'
grep -E 'VmRSS|RssAnon|RssFile' "/proc/$watch/status"
sed 's/^/log: /' "$work/log"
