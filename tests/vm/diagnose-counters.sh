#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Real pressure makes real findings: packets that the kernel drops, writers that wait, a page
# cache that is too small, allocations that reclaim memory, a full file system, one that hangs,
# tasks in state D, an NFS server with one thread. An idle node has none of them.
#
# usage: tests/vm/run -c 2 -d 1 -s 320M -b 4M -- tests/vm/diagnose-counters.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d /run/work.XXXXXX)
nfsd=/proc/fs/nfsd

# look ARG...: diagnose for a second.
look() {
	"$hosttune" diagnose -o json --seconds 1 "$@" >"$work/out" 2>"$work/err"
	jq -r '.findings[] | "\(.reason) \(.subject): \(.message)"' "$work/out" >"$work/found"
}

# look_until REASON...: the same, until all are found at once; on a busy machine pressure takes a
# while.
look_until() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		look
		missing=''
		for reason; do
			grep -q "^$reason " "$work/found" || missing=$reason
		done
		[ "$missing" ] || return 0
	done
}

# finds WHAT REASON [PATTERN]
finds() {
	if grep -q "^$2 .*${3-}" "$work/found"; then
		t_pass "$1: $(grep "^$2 .*${3-}" "$work/found" | head -n 1)"
	else
		t_fail "$1: $2" "$(cat "$work/found" "$work/err"; jq -r '.not_checked[] | "\(.what): \(.why)"' "$work/out")"
	fi
}

counters='BacklogFull|WritersThrottled|Allocations|PageCache|Filesystem|TasksWait|Nfs|Drive[HMNS]|Card|Udp|Conntrack'

quiet() {
	modprobe -a veth bridge pktgen
	ip link set lo up
	look
	t_is "an idle node has none of these findings" "" "$(grep -E "^($counters)" "$work/found")"
	if [ -d /proc/pressure ]; then
		t_not "PSI is on" grep -q PressureOff "$work/found"
	else
		finds "PSI is off" PressureOff
	fi
	# each measure of a card, live and from ethtool
	cat >"$work/card.yaml" <<-END
		version: 1
		rules:
		  - {name: Card, severity: note, of: interface, when: card and rx_packets >= 0, text: "{rx_packets} {driver}",
		     source: this test, good: [{card: "true", rx_packets: 0}], bad: [{card: "false"}]}
	END
	ip link show | grep -q eth0 || return 0
	look --rules "$work/card.yaml"
	finds "a card is read" Card
}

# A bridge sends one packet to each of its ports before the CPU empties its queue.
packets() {
	ip link add name flood type bridge
	for i in 1 2 3 4; do
		ip link add "va$i" type veth peer name "vb$i"
		ip link set "va$i" master flood up
		ip link set "vb$i" up
	done
	ip link set flood up
	backlog=$(sysctl -n net.core.netdev_max_backlog)
	sysctl -qw net.core.netdev_max_backlog=1
	echo add_device flood@0 >/proc/net/pktgen/kpktgend_0
	for setting in "count 0" "delay 1000000" "pkt_size 60" "dst 10.9.9.9" "dst_mac ff:ff:ff:ff:ff:ff"; do
		echo "$setting" >/proc/net/pktgen/flood@0
	done
	echo start >/proc/net/pktgen/pgctrl &
	look_until BacklogFull
	echo stop >/proc/net/pktgen/pgctrl
	wait
	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	sysctl -qw "net.core.netdev_max_backlog=$backlog"
	ip link del flood
	for i in 1 2 3 4; do ip link del "va$i"; done
	finds "packets that find the queue full" BacklogFull "dropped [1-9]"
}

# The drive takes 4 MB/s. The limits are what it takes in seconds, so that it never idles.
dirty() {
	slow=$(drive_by_serial AWS00000000000000001)
	mkfs.ext4 -qF -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 "$slow"
	mkdir -p "$work/slow"
	mount "$slow" "$work/slow"
	sysctl -qw vm.dirty_background_bytes=8388608 vm.dirty_bytes=16777216
	dd if=/dev/zero of="$work/slow/file" bs=1M count=200 2>/dev/null &
	writer=$!
	look_until WritersThrottled DriveSaturated
	kill "$writer"
	wait "$writer" 2>/dev/null
	sysctl -qw vm.dirty_background_ratio=10 vm.dirty_ratio=20
	finds "writers that wait" WritersThrottled
	finds "a drive that is too slow" DriveSaturated "${slow#/dev/}"
	rm "$work/slow/file"
}

# reader CACHED FILE: read it again and again; half of CACHED is in use before.
reader() {
	for _ in 1 2; do
		head -c "$(($1 / 2))" "$2" >/dev/null
	done
	until [ -e "$work/stop" ]; do
		cat "$2" >/dev/null
	done 2>/dev/null # "Terminated"
}

readers_stop() {
	: >"$work/stop"
	pkill -x cat
	wait
	rm "$work/stop"
}

# A pod reads a file that is a bit larger than its memory: what was evicted is needed next.
# The file is sparse, so the speed of the drive does not matter.
thrash() {
	cgroup=/sys/fs/cgroup
	mountpoint -q $cgroup || mount -t cgroup2 cgroup2 $cgroup
	echo +memory >$cgroup/cgroup.subtree_control
	mkdir $cgroup/pod
	echo 64M >$cgroup/pod/memory.max
	truncate -s 80M "$work/slow/sparse"
	(
		# the shell's own process: $$ is that of its parent
		sh -c 'echo $PPID' >$cgroup/pod/cgroup.procs
		reader 67108864 "$work/slow/sparse"
	) &
	look_until PageCacheThrashes
	readers_stop
	rmdir $cgroup/pod
	finds "a page cache that is too small" PageCacheThrashes
}

# Little memory is left, and kswapd gets no CPU while others want it.
stall() {
	available=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
	sysctl -qw "vm.nr_hugepages=$(((available - 150) / 2))"
	chrt -i -p 0 "$(pgrep -x kswapd0)"
	truncate -s 256M "$work/slow/sparse"
	for _ in 1 2 3; do
		reader 0 "$work/slow/sparse" &
	done
	look_until AllocationsStall
	readers_stop
	chrt -o -p 0 "$(pgrep -x kswapd0)"
	sysctl -qw vm.nr_hugepages=0
	rm "$work/slow/sparse"
	finds "allocations that reclaim memory" AllocationsStall
}

# An NFS server with one thread, whose drive is slow; then it stops, and its client hangs.
server() {
	modprobe nfsd
	mkdir -p /var/lib/nfs/v4recovery "$work/client" $nfsd
	mountpoint -q $nfsd || mount -t nfsd nfsd $nfsd
	echo "$work/slow 127.0.0.1(rw,fsid=0,sync,no_subtree_check,no_root_squash,insecure)" >/etc/exports
	rpc.nfsd -N 3 1
	exportfs -a
	rpc.mountd -N 3
	echo Y >$nfsd/v4_end_grace
	mount.nfs -o vers=4.2,nconnect=4 127.0.0.1:/ "$work/client" || return
	for n in 1 2 3 4 5 6; do
		while [ ! -e "$work/stop" ]; do
			dd if=/dev/zero of="$work/client/$n" bs=4k count=2 conv=fsync 2>/dev/null
		done &
	done
	look_until 'Nfsd\(ThreadsFew\|NeedsCpu\)'
	: >"$work/stop"
	wait
	finds "requests that wait for the only thread" 'Nfsd\(ThreadsFew\|NeedsCpu\)'
	sed 's/^/# /' $nfsd/pool_stats
	rpc.nfsd 0
	start=$(date +%s)
	look
	finds "a mount whose server is gone" FilesystemHung "$work/client"
	t_ok "it does not hang the diagnosis" [ $(($(date +%s) - start)) -lt 8 ]
	rpc.nfsd -N 3 1
	umount -f "$work/client" 2>/dev/null || umount -l "$work/client"
	rpc.nfsd 0
	pkill -x rpc.mountd
	umount $nfsd
}

frozen() {
	fsfreeze -f "$work/slow"
	for n in 1 2 3 4 5 6 7 8; do
		touch "$work/slow/frozen$n" &
	done
	# shellcheck disable=SC2016 # a variable of that shell
	until_ok sh -c '[ "$(pgrep -cx -r D touch)" = 8 ]'
	look
	fsfreeze -u "$work/slow"
	wait
	finds "tasks in state D, and where" TasksWait "touch in "
}

full() {
	fallocate -l "$(($(stat -f -c '%a * %S' "$work/slow") - 1048576))" "$work/slow/fill"
	look
	finds "a full file system" FilesystemFull "$work/slow"
	umount "$work/slow"
}

quiet
packets
dirty
thrash
stall
server
frozen
full
echo "# $(cut -d. -f1 /proc/uptime) s after boot"
t_done
