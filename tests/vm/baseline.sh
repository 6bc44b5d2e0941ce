#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A baseline over reboots, one boot at a time with the same drives: "save" makes it, "same"
# changes nothing, "changed" mounts with other options, sets another read-ahead, and runs on
# another kernel. "probe" runs the copy probe on XFS on an NVMe drive.
#
# usage: tests/vm/run -k 6.1 -D DIR -d 2 -s 1G -- tests/vm/baseline.sh save
#        tests/vm/run -k 6.1 -D DIR -d 2 -s 1G -- tests/vm/baseline.sh same
#        tests/vm/run -k 6.12 -D DIR -d 2 -s 1G -- tests/vm/baseline.sh changed
#        tests/vm/run -d 2 -s 1G -- tests/vm/baseline.sh probe
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d /run/work.XXXXXX)
modprobe xfs
drive=$(drive_by_serial AWS00000000000000001)
queue=/sys/block/${drive#/dev/}/queue
before=/mnt/data/before.json
pod=11112222-3333-4444-5555-666677778888

# Print what changed, one reason a line.
reasons() {
	"$hosttune" baseline compare "$@" -o json | jq -r '.changes[] | "\(.reason) \(.subject)"'
}

mounted() {
	mkdir -p /mnt/data
	mount -o "$1" "$drive" /mnt/data || fail "$drive: cannot be mounted"
	echo "$2" >"$queue/read_ahead_kb"
}

# A pod as the kubelet lays it out: its log directory, its cgroup and a volume.
pod() {
	mkdir -p "/var/log/pods/default_db-0_$pod" /sys/fs/cgroup
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
	echo "+memory +io +pids" >/sys/fs/cgroup/cgroup.subtree_control
	slice=/sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice
	mkdir -p "$slice"
	for dir in /sys/fs/cgroup/kubepods.slice $slice; do
		echo "+memory +io +pids" >"$dir/cgroup.subtree_control"
	done
	cgroup=$slice/kubepods-burstable-pod$(echo $pod | tr - _).slice
	mkdir "$cgroup"
	echo 256M >"$cgroup/memory.max"
	echo "$(cat "/sys/block/${drive#/dev/}/dev") wbps=104857600" >"$cgroup/io.max"
	volume=/var/lib/kubelet/pods/$pod/volumes/kubernetes.io~local-volume/data
	mkdir -p "$volume"
	mount --bind /mnt/data "$volume"
}

# save and compare write nothing but FILE, and its directory.
writes_nothing() {
	for command in "save -" "compare $before" "compare $before $before"; do
		# shellcheck disable=SC2086 # two words
		trace_changes "$work/trace" "$hosttune" baseline $command \
			>/dev/null 2>&1
		t_is "$command writes nothing" "" "$(changes_in "$work/trace" | head -n 5)"
	done
	# -y: the path of the descriptor that gets its mode
	strace -f -qq -y -e trace='!fcntl' -o "$work/trace" "$hosttune" baseline save "$before.2" >/dev/null 2>&1
	t_is "save writes nothing but FILE" "" \
		"$(changes_in "$work/trace" | grep -v "$before.2\|/mnt/data/.before.json.2" | head -n 5)"
	rm "$before.2"
	mount -o remount,ro /mnt/data
	t_run "$hosttune" baseline save "$before.2"
	t_status "a file system that is read-only" 2
	t_says "the reason" "Read-only file system"
	t_run "$hosttune" baseline compare "$before"
	t_status "a difference" 1
	t_is "reading works there" "MountReadOnly mount /mnt/data
MountReadOnly pod default/db-0 mount volumes/kubernetes.io~local-volume/data" "$(reasons "$before")"
	mount -o remount,rw /mnt/data
}

geometry() {
	t_is "features as xfs_info shows them" "$(xfs_info /mnt/data | tr -s ' ,' '\n' |
		sed -n 's/^\(crc\|finobt\|sparse\|rmapbt\|reflink\|bigtime\|inobtcount\|nrext64\)=1$/\1/p' | sort)" \
		"$(jq -r '.mounts["/mnt/data"].filesystem.features' "$before" | tr ' ' '\n' |
			grep -x 'crc\|finobt\|sparse\|rmapbt\|reflink\|bigtime\|inobtcount\|nrext64' | sort)"
	t_is "allocation groups" "$(xfs_info /mnt/data | sed -n 's/.*agcount=\([0-9]*\), agsize=\([0-9]*\).*/\1 \2/p')" \
		"$(jq -r '.mounts["/mnt/data"].filesystem | "\(.ag_count) \(.ag_blocks)"' "$before")"
	t_is "its UUID" "$(blkid -p -o value -s UUID "$drive")" \
		"$(jq -r '.mounts["/mnt/data"].filesystem.uuid' "$before")"
}

saved_pod() {
	t_is "limits of the pod, without device numbers" "268435456 AWS00000000000000001 rbps=max wbps=104857600 riops=max wiops=max" \
		"$(jq -r '.pods["default/db-0"].limits | "\(."memory.max") \(."io.max")"' "$before")"
	t_is "its volume" AWS00000000000000001 \
		"$(jq -r '.pods["default/db-0"].mounts["volumes/kubernetes.io~local-volume/data"].device' "$before")"
}

cache() {
	dd if=/dev/urandom of=/mnt/data/file bs=1M count=8 2>/dev/null
	sync
	t_ok "all of a file is cached" test "$(cached)" = 8388608
	dd if=/mnt/data/file iflag=nocache count=0 2>/dev/null
	t_ok "nothing of it is" test "$(cached)" = 0
	head -c 4194304 /mnt/data/file >/dev/null
	t_ok "a part of it is" test "$(cached)" -ge 4194304
	t_is "asked by" "$1" "$("$hosttune" baseline save - --file /mnt/data/file 2>/dev/null |
		jq -r '.files["/mnt/data/file"].by')"
	cp "$hosttune" /run/hosttune
	t_is "others do not learn it: missing, not zero" missing \
		"$(setpriv --reuid 65534 --regid 65534 --clear-groups /run/hosttune baseline save - --file /mnt/data/file 2>/dev/null |
			jq -r '.files["/mnt/data/file"] | keys[]')"
}
cached() {
	"$hosttune" baseline save - --file /mnt/data/file 2>/dev/null | jq '.files["/mnt/data/file"].cached'
}

case $1 in
save)
	mkfs.xfs -q -f "$drive" || fail "mkfs.xfs"
	mounted noatime,logbsize=256k 4096
	pod
	t_run "$hosttune" baseline save "$before" nfs-server --pod default/db-0
	t_status "save" 0
	t_is "complete on disk" 1 "$(jq .version "$before")"
	geometry
	saved_pod
	t_run "$hosttune" baseline compare "$before"
	t_status "nothing changed yet" 0
	writes_nothing
	;;
same)
	# the other drive first: names may change
	mounted noatime,logbsize=256k 4096
	pod
	t_run "$hosttune" baseline compare "$before"
	t_status "a reboot without change is clean" 0
	t_says "it was rebooted" "rebooted since"
	t_is "not even a note" 0 "$("$hosttune" baseline compare "$before" -o json | jq '.notes | length')"
	;;
changed)
	mounted relatime,logbsize=32k 128
	pod
	t_run "$hosttune" baseline compare "$before"
	t_status "changes" 1
	t_is "exactly these" "QueueReadAhead drive AWS00000000000000001 (${drive#/dev/})
MountAtime mount /mnt/data
MountAtime pod default/db-0 mount volumes/kubernetes.io~local-volume/data
MountLog mount /mnt/data
KernelRelease kernel" "$(reasons "$before")"
	t_is "the fix of read-ahead is a command" \
		"echo 4096 > /sys/block/${drive#/dev/}/queue/read_ahead_kb" \
		"$("$hosttune" baseline compare "$before" -o json | jq -r '.changes[0].remedy')"
	sh -c "$("$hosttune" baseline compare "$before" -o json | jq -r '.changes[0].remedy')"
	mount -o remount,noatime /mnt/data
	t_not "fixed" sh -c "'$hosttune' baseline compare '$before' | grep -q 'read_ahead\|MountAtime mount'"
	;;
esac
[ "$1" != probe ] || . tests/vm/baseline-probe.sh
t_done
