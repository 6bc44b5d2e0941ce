#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Question: is a pod that bound the directory before the drive was mounted over it as slow as
#   that of kubernetes#131186: sendfile of 16 MiB in 700 ms, instead of 15 ms?
# Method: a root disk of 23 MB/s, a drive of 1.1 GB/s, the same files on both. A pod binds the
#   volume's directory before ("late") or after ("first") the drive is mounted, and copies 64
#   MiB as BusyBox's cp does: from a cold cache, from a warm one, and warm while the limit of
#   dirty pages is small.
# Arms: cold late -> first
# Arms: warm late -> first
# Arms: throttled late -> first
# Metrics: sendfile.p50 sendfile.max
# Refuted if: the copy of the late pod is as fast as that of the other.
# Answer: yes. The late pod has the directory of the root disk: with the drive mounted first, a
#   call takes {cold sendfile.p50} times as long from a cold cache, and {throttled sendfile.p50}
#   times from a warm one while the limit of dirty pages is reached; in absolute time 740 against 19
#   ms, and in the issue 716 against 15. From a warm cache, while the limit is not reached, it
#   takes {warm sendfile.p50} times: the late pod is hardly slow. hosttune diagnose names the late
#   pod in each run, and with guard: true it cannot write.
# Short: cold sendfile.p50
# Limits: what else shares the root disk of a real node, and with it the time of each call.
# VM: -m 1536M -d 1 -s 320M
# shellcheck disable=SC2317 # functions that others call
. tests/lab/lab.sh

root=/mnt/root # stands for the root volume
volume=$root/disk0
group=/sys/fs/cgroup/kubepods.slice/kubepods-podc0ffee00_1234_4567_89ab_cdef01234567.slice
group=$group/crio-$(printf '%064d' 4307).scope

prepare() {
	lab_commands
	modprobe xfs
	slow_disk 400 23 300
	root_disk=$disk
	slow_disk 400 1100 100
	mkfs.ext4 -q "$root_disk"
	mkfs.xfs -q "$disk"
	mkdir -p $root /run/data "$group"
	mount -o noatime "$root_disk" $root
	mkdir $volume
	for _at in root drive; do
		[ $_at = root ] || mount -o noatime "$disk" $volume
		dd if=/dev/zero of=$volume/from bs=1M count=64 2>/dev/null
		sync
	done
	umount $volume
	sysctl -qw vm.dirty_bytes=268435456 vm.dirty_background_bytes=134217728
}

# A process with the cgroup of a pod and a private table of mounts, as a container has.
start_pod() {
	# shellcheck disable=SC2016 # for that shell
	sh -c 'echo $$ >"$1/cgroup.procs" && exec unshare --mount --propagation private sh -c "$2"' sh "$group" \
		"mount --bind $volume /run/data && echo >/run/lab/ready && exec sleep 100000" &
	pod=$!
	until_ok test -e /run/lab/ready || fail "the pod does not start"
	rm /run/lab/ready
}

# start late|first
start() {
	[ "$1" = late ] || mount -o noatime "$disk" $volume
	start_pod
	[ "$1" = first ] || mount -o noatime "$disk" $volume
}

finish() {
	kill $pod
	wait $pod 2>/dev/null
	umount $volume
	rm -f $volume/to
	mount -o noatime "$disk" $volume
	rm -f $volume/to
	umount $volume
	sync
}

# one cold|warm ARM
one() {
	start "$2"
	nsenter --target "$pod" --mount lab-tool copy /run/data/from /run/data/to "$1" >"$lab/out/copy" || fail "copy: failed"
	record "$2" <"$lab/out/copy"
	finish
}

findings() {
	"$hosttune" diagnose --no-api --seconds 0 -o json 2>$lab/out/err |
		jq -r '.findings[] | select(.subject | startswith("pod ")) | .reason'
}

named() {
	start late
	t_is "hosttune diagnose names the late pod" StalePodMount "$(findings)"
	finish
	start first
	t_is "and nothing where the drive was mounted first" "" "$(findings)"
	finish
}

prevented() {
	cat >$lab/out/guard.yaml <<-END
		version: 1
		storage:
		  - {name: data, disks: {model: QEMU NVMe Ctrl}, label: ephemeral, mount: $root/disk1, guard: true}
	END
	# the clock jumps while this drive, which is not in the guest's memory, is waited for
	t_run "$hosttune" apply --no-api --deadline 86400 $lab/out/guard.yaml
	t_status "a drive with guard: true is formatted and mounted" 0
	umount $root/disk1
	volume=$root/disk1
	start_pod
	mount LABEL=ephemeral $root/disk1
	t_not "with guard: true, the late pod cannot write" nsenter --target "$pod" --mount touch /run/data/file
	t_ok "while the drive can be written to" touch $root/disk1/file
	kill $pod
}

prepare
paired cold late first one cold
paired warm late first one warm
sysctl -qw vm.dirty_bytes=$((629145600 / 64)) vm.dirty_background_bytes=$((314572800 / 64))
paired throttled late first one warm
named
prevented
lab_done
t_done
