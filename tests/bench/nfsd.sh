#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# nfsd.sh: measure in the test VM what it costs to change the number of nfsd threads: by a write to
# /proc/fs/nfsd/threads, which is the floor, and by hosttune apply, in turn, beside an audit in sync;
# at rest, and while two clients write and read. No time fails.
#
# usage: tests/vm/run -k 6.1 -t 1200 -- tests/bench/nfsd.sh [CHANGES]
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
changes=${1:-40}
nfsd=/proc/fs/nfsd
work=$(mktemp -d)

# Wall time, and processor time of this shell with its ended children, in ms.
now() {
	# ticks of 10 ms, on all of Debian's kernels
	{ read -r up _ && read -r line; } <<-END
		$(cat /proc/uptime /proc/$$/stat)
	END
	# shellcheck disable=SC2086 # words
	set -- ${line##*) }
	wall=$(echo "$up" | tr -d .)0 cpu=$(((${12} + ${13} + ${14} + ${15}) * 10))
}

by_write() { echo "$1" >$nfsd/threads; }
by_hosttune() { "$hosttune" apply -q --no-api "$work/$1.yaml"; }
in_sync() { "$hosttune" audit -q --no-api "$work/4.yaml"; }

# batch COMMAND MORE: change the number $changes times, from 4 to MORE and back; set $each to what
# one change takes.
batch() {
	now
	wall0=$wall cpu0=$cpu done=0
	while [ $done -lt "$changes" ]; do
		"$1" "$2" || fail "$1 $2: status $?"
		"$1" 4 || fail "$1 4: status $?"
		done=$((done + 2))
	done
	now
	[ "$(cat $nfsd/threads)" = 4 ] || fail "$1: threads is $(cat $nfsd/threads), should be 4"
	each="$(((wall - wall0) / changes)) ms, CPU $(((cpu - cpu0) / changes))"
}

# row TEXT: each way in turn, twice.
row() {
	for more in 5 12 5 12; do
		batch by_write $more
		floor=$each
		batch by_hosttune $more
		apply=$each
		batch in_sync $more
		printf '%-11s +-%d  write: %-16s apply: %-18s audit: %s\n' "$1" $((more - 4)) "$floor" "$apply" "$each"
	done
}

# client DIR: write a file and read it back until $work/stop exists.
client() {
	count=0
	while [ ! -e "$work/stop" ]; do
		dd if=/dev/zero of="$1/file" bs=64k count=4 conv=fsync status=none && cat "$1/file" >/dev/null || return
		count=$((count + 1))
	done
	echo $count >"$work/done.${1##*/}"
}

ip link set lo up
modprobe nfsd
mount -t nfsd nfsd $nfsd
mkdir -p /srv/export/one /srv/export/two "$work/one" "$work/two"
mount -t tmpfs export /srv/export
mkdir /srv/export/one /srv/export/two
echo '/srv/export 127.0.0.1(rw,fsid=0,no_subtree_check,no_root_squash,insecure)' >/etc/exports
echo '-2 -3 +4 +4.2' >$nfsd/versions
for number in 4 5 12; do
	printf 'version: 1\nnfsd: {threads: %s}\npersist: false\n' $number >"$work/$number.yaml"
done
rpc.nfsd -N 3 4 || echo 4 >$nfsd/threads
exportfs -a
rpc.mountd || fail "no rpc.mountd"
echo Y >$nfsd/v4_end_grace
uname -r
row "at rest"
for dir in one two; do
	mount.nfs -o vers=4.2 "127.0.0.1:/$dir" "$work/$dir" || fail "mount $dir"
	client "$work/$dir" &
done
sleep 2
row "two clients"
: >"$work/stop"
wait
echo "rounds of the clients: $(cat "$work"/done.*)" | xargs
umount "$work/one" "$work/two"
echo 0 >$nfsd/threads
