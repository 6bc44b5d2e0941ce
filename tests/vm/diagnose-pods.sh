#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A local persistent volume, staged as kubelet and containerd do it: a container gets the
# directory, then the drive is mounted over it. diagnose names the pod and the cause, also
# from a bundle, and finds nothing once the pod was deleted.
#
# usage: tests/vm/run -d 2 -s 320M -- tests/vm/diagnose-pods.sh
. tests/vm/guest.sh

hosttune=$HOSTTUNE_B/hosttune
work=$(mktemp -d /run/work.XXXXXX)
pods=/var/lib/kubelet/pods
tasks=/run/containerd/io.containerd.runtime.v2.task/k8s.io
web=3f1c8a52-7d0e-4b9b-9c55-0a1b2c3d4e5f
follow=5d0f3b9e-1c2d-4e5f-8a9b-0c1d2e3f4a5b
agent=8e2f7c11-0b5a-4d3e-8f66-112233445566
scout=9a8b7c6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d
other=c0ffee00-1234-4567-89ab-cdef01234567

# id_of UID: the container's ID, 64 digits.
id_of() {
	printf '%s%s' "$(echo "$1" | tr -d -)" "$(echo "$1" | tr -d -)"
}

# start_container UID POD CONTAINER SOURCE TARGET OPTIONS: run a container as containerd
# does: its bundle, annotations and cgroup.
start_container() {
	id=$(id_of "$1")
	mkdir -p "$tasks/$id" "/var/log/pods/default_$2_$1"
	runc spec --bundle "$tasks/$id"
	jq --arg uid "$1" --arg pod "$2" --arg name "$3" --arg id "$id" --arg source "$4" --arg target "$5" \
		--arg options "$6" --arg root "$image" '
		.root = {path: $root, readonly: false}
		| .process.terminal = false
		| .process.args = ["sleep", "1000"]
		| .process.env += ["PASSWORD=secret-of-the-pod"]
		| .annotations = {
			"io.kubernetes.cri.container-type": "container",
			"io.kubernetes.cri.container-name": $name,
			"io.kubernetes.cri.sandbox-id": $id,
			"io.kubernetes.cri.sandbox-name": $pod,
			"io.kubernetes.cri.sandbox-namespace": "default"
		}
		| .linux.cgroupsPath = "/kubepods/besteffort/pod\($uid)/\($id)"
		| .mounts += [{destination: $target, type: "bind", source: $source, options: ($options | split(","))}]
	' "$tasks/$id/config.json" >"$work/config.json" && mv "$work/config.json" "$tasks/$id/config.json"
	runc run --detach --bundle "$tasks/$id" "$id" </dev/null >"$work/log" 2>&1 || fail "runc: $(cat "$work/log")"
}

stop_container() {
	runc delete --force "$(id_of "$1")"
	rm -rf "${tasks:?}/$(id_of "$1")"
}

# start_pod UID POD OPTIONS: kubelet binds the directory of the volume, the runtime that.
start_pod() {
	volume=$pods/$1/volumes/kubernetes.io~local-volume/pv-disk0
	mkdir -p "$volume"
	mount --bind /mnt/disk0 "$volume"
	start_container "$1" "$2" web "$volume" /data "rbind,rw,$3"
}

# delete_pod UID
delete_pod() {
	stop_container "$1"
	while umount "$pods/$1/volumes/kubernetes.io~local-volume/pv-disk0" 2>/dev/null; do :; done
	rm -rf --one-file-system "${pods:?}/$1" /var/log/pods/*"_$1"
}

# start_other: a container of another runtime, in a user namespace, with systemd's names of
# cgroups: there is nothing but its cgroup and its table of mounts.
start_other() {
	cgroup=/sys/fs/cgroup/kubepods.slice/kubepods-pod$(echo $other | tr - _).slice/crio-$(id_of $other).scope
	mkdir -p "$cgroup"
	# shellcheck disable=SC2016 # for that shell
	sh -c 'echo $$ >"$1/cgroup.procs" && exec unshare --user --map-root-user --mount --propagation private sh -c "$2"' \
		sh "$cgroup" 'mkdir -p /run/data && mount --bind /mnt/disk0 /run/data && echo >/run/vm/ready && exec sleep 1000' &
	process=$!
	until_ok test -e /run/vm/ready || fail "the container of another runtime does not start"
}

# The findings about pods: "REASON SUBJECT", sorted; live, or from a bundle.
findings() {
	"$hosttune" diagnose --no-api --seconds 0 -o json >"$work/out.json" 2>"$work/err"
	print_findings
}
print_findings() {
	jq -r '.findings[] | select(.subject | startswith("pod ")) | "\(.reason) \(.subject)"' "$work/out.json" | sort
}

# message REASON KEY: of the finding about the pod web-0.
message() {
	jq -r --arg reason "$1" --arg key "$2" \
		'.findings[] | select(.reason == $reason and (.subject | contains("web-0")))[$key]' "$work/out.json"
}

prepare() {
	bottlerocket_host
	image=/run/image
	test_rootfs $image sleep cat
	mkdir -p $image/dev $image/proc $image/sys $image/data $image/host /mnt/disk0 /mnt/disks/a
	one=$(drive_by_serial AWS00000000000000001)
	two=$(drive_by_serial AWS00000000000000002)
	mkfs.xfs -q "$one"
	mkfs.xfs -q "$two"
}

in_time() {
	start_pod $web web-0 rprivate
	start_pod $follow follow-0 rslave
	start_container $agent agent-x1 agent /mnt/disks /host "rbind,ro,rprivate"
	start_container $scout agent-x2 agent /mnt/disks /host "rbind,ro,rslave"
	start_other
	t_is "before the drives are mounted" "" "$(findings)"
}

stale="PodMissesMount pod default/agent-x1, container agent, volume /mnt/disks at /host
StackedVolume pod default/follow-0, volume pv-disk0
StackedVolume pod default/web-0, volume pv-disk0
StalePodMount pod UID OTHER, container CONTAINER, volume /mnt/disk0 at /run/data
StalePodMount pod default/web-0, container web, volume pv-disk0 at /data"

too_late() {
	mount -o noatime "$one" /mnt/disk0
	mount "$two" /mnt/disks/a
	stale=$(echo "$stale" | sed "s/OTHER/$other/; s/CONTAINER/$(id_of $other | cut -c 1-12)/")
	t_is "the drives are mounted: who is stale, who is not" "$stale" "$(findings)"
	t_is "it is critical" critical "$(message StalePodMount severity)"
	case $(message StalePodMount message) in
	'the pod mount predates the device mount: the container still has /mnt/disk0 of tmpfs ('*) t_pass "the cause" ;;
	*) t_fail "the cause" "$(message StalePodMount message)" ;;
	esac
	t_is "the remedy" "delete pod default/web-0: the next one gets the device; what this one wrote stays in /mnt/disk0, below the device" \
		"$(message StalePodMount remedy)"
	t_is "the evidence" 2 "$(jq -r '.findings[].evidence[].text' "$work/out.json" |
		grep -cE "^mount_cover xfs on $one \([0-9:]+\), rw,noatime, mounted at /mnt/disk0$")"
	t_is "what it misses" "a device was mounted after the container started, which does not see it: /mnt/disks/a" \
		"$(jq -r '.findings[] | select(.reason == "PodMissesMount").message' "$work/out.json")"
}

# The name of a pod may be only in the logs; a bundle says the same, without secrets.
from_a_bundle() {
	about='[.findings[] | select(.subject | startswith("pod "))], [.not_checked[] | select(.what == "pod mounts")]'
	mkdir "/var/log/pods/default_other-0_$other"
	findings >/dev/null
	jq "$about" "$work/out.json" >"$work/live.json"
	t_is "the name from the logs" 1 "$(grep -c '"pod default/other-0, container .* at /run/data"' "$work/live.json")"
	t_ok "collected" "$hosttune" collect --no-api "$work/bundle"
	"$hosttune" diagnose --bundle "$work/bundle" -o json >"$work/out.json" 2>"$work/err"
	jq "$about" "$work/out.json" >"$work/bundle.json"
	t_is "the bundle says the same" "" "$(diff "$work/live.json" "$work/bundle.json")"
	t_is "it has no environment of containers" "" "$(grep -rl secret-of-the-pod "$work/bundle")"
	rmdir "/var/log/pods/default_other-0_$other"
}

# A bootstrap container sees the same; nothing is written.
in_a_container() {
	cp -r "${HOSTTUNE_B:-build}/rootfs" /run/hosttune-image
	bootstrap_container tuner /run/hosttune-image /usr/bin/hosttune diagnose --no-api --seconds 0 -o json >"$work/out.json" 2>"$work/err"
	t_is "in a bootstrap container" "$stale" "$(print_findings)"
	trace_changes "$work/trace" "$hosttune" diagnose --no-api --seconds 0 >"$t_out" 2>&1
	t_is "exit status" 1 $?
	t_says "the text names the pod" "delete pod default/web-0"
	t_is "diagnose writes nothing" "" "$(changes_in "$work/trace" | head -n 5)"
}

# Unmounting the upper one of kubelet's two mounts propagates to the host's directory.
deleted() {
	kill $process
	wait
	delete_pod $follow
	stop_container $agent
	stop_container $scout
	delete_pod $web
	t_not "that unmounted the drive" mountpoint -q /mnt/disk0
	mount "$one" /mnt/disk0
	start_pod $web web-0 rprivate
	t_is "the next pod has the drive" xfs "$(awk '$5 == "/data" { print $(NF-2) }' "/proc/$(runc state "$(id_of $web)" | jq .pid)/mountinfo")"
	t_is "it is clean" "" "$(findings)"
	mount -o remount,bind,noatime /mnt/disk0
	t_is "options that differ" "PodMountOptions pod default/web-0, container web, volume pv-disk0 at /data" "$(findings)"
	t_is "which" "the options differ: noatime on the host, relatime in the container" "$(message PodMountOptions message)"
	delete_pod $web
	t_is "no pods" "" "$(findings)"
}

prepare
in_time
too_late
from_a_bundle
in_a_container
deleted
echo "# $(cut -d. -f1 /proc/uptime) s after boot"
t_done
