# shellcheck shell=sh disable=SC2154,SC2034 # shared with tests/vm/baseline.sh, which reads this
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The copy probe, for real: what it writes, reads and leaves.

sectors_read() {
	awk '{ print $3 }' "/sys/block/${drive#/dev/}/stat"
}
free_kib() {
	sync -f /mnt/data
	df --output=avail /mnt/data | tail -n 1
}

space_is_taken() {
	[ "$(free_kib)" -le $((free - 16384)) ]
}
space_is_free() {
	[ "$(free_kib)" = "$free" ]
}

# probe_ends NAME SIGNAL STATUS: the probe is under way; the signal ends it, and no byte stays.
probe_ends() {
	free=$(free_kib)
	"$hosttune" baseline save /mnt/data/never.json --probe /mnt/data >"$t_out" 2>&1 &
	pid=$!
	t_ok "$1: the probe is under way" until_ok space_is_taken
	kill "-$2" $pid
	status=0
	wait $pid 2>/dev/null || status=$?
	t_status "$1: exit status" "$3"
	t_ok "$1: all space is free again" until_ok space_is_free
	t_is "$1: no file stays" "" "$(ls -A /mnt/data)"
}

mkfs.xfs -q -f "$drive" || fail "mkfs.xfs"
mounted noatime 128
free=$(free_kib)
read_before=$(sectors_read)
t_run "$hosttune" baseline save /run/probe.json --probe /mnt/data
t_status "the probe" 0
t_is "all calls" "true 8 8" "$(jq -r '.probe | "\(.complete) \(.cold.calls) \(.warm.calls)"' /run/probe.json)"
jq -c .probe /run/probe.json | sed 's/^/# /'
t_is "no file stays" "" "$(ls -A /mnt/data)"
t_is "all space is free again" "$free" "$(free_kib)"
# 128 MiB are 262144 sectors; the warm pass reads nothing
sectors=$(($(sectors_read) - read_before))
t_ok "the cold pass reads all of the file, the warm one nothing: $sectors" \
	test $sectors -ge 262144 -a $sectors -lt 300000
t_ok "percentiles are in order" jq -e '.probe | [.cold, .warm][] |
	(.p50_us > 0 and .p50_us <= .p90_us and .p90_us <= .max_us and .fsync_us > 0)' /run/probe.json

t_run "$hosttune" baseline compare /run/probe.json
t_status "without the probe" 0
t_says "it is not compared" "it did not run: --probe /mnt/data runs it again"
# as in the incident: each call took 46 times as long
jq '.probe[("cold", "warm")] |= (.p50_us /= 46 | .p50_us |= floor | .fsync_us /= 46 | .fsync_us |= floor)' \
	/run/probe.json >/run/faster.json
t_run "$hosttune" baseline compare /run/faster.json --probe /mnt/data
t_status "a regression" 1
t_is "of all three" "CopyCold
CopyWarm
CopySync" "$("$hosttune" baseline compare /run/faster.json --probe /mnt/data -o json | jq -r '.changes[].reason')"
t_ok "beyond a tolerance" "$hosttune" baseline compare /run/faster.json --probe /mnt/data --tolerance 100000

probe_ends "SIGTERM" TERM 8
probe_ends "SIGKILL" KILL 137

dd if=/dev/zero of=/mnt/data/fill bs=1M count=700 2>/dev/null
t_run "$hosttune" baseline save /run/never.json --probe /mnt/data
t_status "too little space: refused" 5
t_says "why" "must stay free"
t_not "nothing was saved" test -e /run/never.json
t_run "$hosttune" baseline save /run/never.json --probe /run
t_status "in memory: refused" 2
rm /mnt/data/fill
case $(uname -r) in
6.1.*) cache mincore ;;
*) cache cachestat ;;
esac
