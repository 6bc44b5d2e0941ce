#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# hosttune as a Bottlerocket bootstrap container: with its rights, its mounts, and the API.
#
# usage: tests/vm/run -d 3 -s 320M -- tests/vm/container.sh
#        tests/vm/run -d 5 -s 320M -- tests/vm/container.sh image
#
# With "image", it is the image of make image, imported and run by containerd, and at the
# end on a host without mkfs.xfs and mdadm.
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
stub=$B/api-stub
rootfs=/run/rootfs
image=${1-}
work=$(mktemp -d /run/work.XXXXXX)

# Run the container with $work/$1.yaml as its user data; more words are its arguments.
run() {
	mkdir -p /local/bootstrap-containers/hosttune
	cp "$work/$1.yaml" /local/bootstrap-containers/hosttune/user-data
	shift
	t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune "$@"
}

# api [OPTION...]: (re)start the API; its settings stay.
api() {
	api_stop
	rm -f "$work/log"
	set -- --log "$work/log" --save "$work/settings.json" "$@"
	[ -s "$work/settings.json" ] && set -- --settings "$work/settings.json" "$@"
	"$stub" --daemonize --pid-file "$work/pid" "$@" /run/api.sock || fail "api-stub does not start"
}

api_stop() {
	[ -e "$work/pid" ] || return 0
	kill "$(cat "$work/pid")"
	while [ -e "$work/pid" ]; do sleep 0.1; done
}

requests() {
	awk '{ print $1, $2 }' "$work/log" | sed 's/hosttune-[A-Za-z0-9]*/hosttune-X/' | xargs
}

stored() {
	jq -r "$1" "$work/settings.json"
}

# Import the image, and have run_container start containers by containerd, as host-ctr does.
import_image() {
	mkdir -p /local/containerd $rootfs
	cat >"$work/containerd.toml" <<-END
		version = 2
		root = "/local/containerd"
		disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
	END
	containerd -c "$work/containerd.toml" >"$work/containerd.log" 2>&1 &
	until_ok ctr version || fail "containerd does not start: $(tail -n 3 "$work/containerd.log")"
	t_ok "containerd imports the image" ctr image import --digests "$B/image/hosttune.oci.tar"
	ref=$(ctr image ls -q | grep -v @)
	t_is "containerd has the digest of the build" "$(cat "$B/image/digest")" \
		"$(ctr image ls | awk -v ref="$ref" '$1 == ref { print $3 }')"
	t_ok "containerd mounts the image" ctr image mount "$ref" $rootfs
	t_not "the image has no shell" ls $rootfs/bin/sh $rootfs/usr/bin/sh

	# run --bundle DIR NAME, for run_container
	# shellcheck disable=SC2016,SC2317 # a variable of jq
	runc() {
		jq --arg root "$3/rootfs" '.root.path = $root' "$3/config.json" >"$3/spec.json" &&
			ctr run --rm --config "$3/spec.json" "$4"
	}
}

prepare() {
	bottlerocket_host
	if [ "$image" ]; then import_image; else cp -r "$B/rootfs" $rootfs; fi
	store=$(instance_store_drive AWS1111 "$(drive_by_serial AWS00000000000000001)")
	ebs_backing=$(drive_by_serial AWS00000000000000002)
	mkfs.ext4 -q "$ebs_backing"
	ebs_before=$(sectors_written "$ebs_backing")
	ebs_drive vol2222 "$ebs_backing" >/dev/null
	cat >"$work/main.yaml" <<-END
		version: 1
		modules: [tcp_bbr]
		sysctl:
		  vm.swappiness: 10
		  net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]
		  net.ipv4.tcp_congestion_control: bbr
		storage:
		  - name: data
		    label: ephemeral
		    mount: /mnt/data
		    options: [noatime, nodiratime]
		nfsd: {threads: 4, start: true, versions: [4.1, 4.2]}
		settings:
		  oci-defaults: {resource-limits: {max-open-files: {soft-limit: 65536, hard-limit: 65536}}}
		persist: true
	END
}

main_job() {
	api
	run main
	t_status "no arguments: apply with the user data" 0
	t_is "the host sees the plain device" "$store" "$(findmnt -no SOURCE /mnt/data)"
	options=,$(findmnt -no OPTIONS /mnt/data),
	for option in noatime nodiratime; do
		case $options in
		*",$option,"*) t_pass "the host sees $option" ;;
		*) t_fail "the host sees $option" "$options" ;;
		esac
	done
	t_is "sysctl of the host" 10 "$(cat /proc/sys/vm/swappiness)"
	t_is "congestion control of the host" bbr "$(cat /proc/sys/net/ipv4/tcp_congestion_control)"
	t_is "nfsd of the host" 4 "$(unshare -m sh -c 'mount -t nfsd nfsd /proc/fs/nfsd && cat /proc/fs/nfsd/threads')"
	t_is "EBS drive untouched" "$ebs_before" "$(sectors_written "$ebs_backing")"

	t_is "one GET, one transaction made from another, one GET" \
		"GET /settings GET /tx/list GET /settings PATCH /settings?tx=hosttune-X POST /tx/commit_and_apply?tx=hosttune-X GET /settings" \
		"$(requests)"
	t_is "sysctl stored as a string" '"10"' "$(jq -c '.kernel.sysctl["vm.swappiness"]' "$work/settings.json")"
	t_is "vector stored" "4096 131072" "$(stored '.kernel.sysctl["net.ipv4.tcp_rmem"]' | cut -d' ' -f1,2)"
	t_is "module stored" '{"allowed":true,"autoload":true}' "$(jq -Sc .kernel.modules.tcp_bbr "$work/settings.json")"
	t_is "setting stored" 65536 "$(stored '.["oci-defaults"]["resource-limits"]["max-open-files"]["soft-limit"]')"
	t_not "the container's prefix does not reach the host" grep -q 'bottlerocket/rootfs/dev' /proc/1/mountinfo
}

again() {
	echo kept >/mnt/data/file
	uuid=$(blkid -p -o value -s UUID "$store")
	api
	run main
	t_status "second run" 0
	t_is "second run: exactly one GET" "GET /settings" "$(requests)"
	t_is "second run: same file system" "$uuid" "$(blkid -p -o value -s UUID "$store")"
	t_is "second run: one mount" 1 "$(grep -c ' /mnt/data ' /proc/1/mountinfo)"
	run main audit
	t_status "audit in the container is clean" 0
	run main capture /.bottlerocket/bootstrap-containers/current/user-data
	sed "/: warning: /d" "$t_out" >"$work/captured.yaml" # of a node with 2 GiB
	t_says "the host is captured from the container" "mount: /mnt/data"
	run captured audit
	t_status "the capture is in sync" 0

	umount /mnt/data
	run main
	t_is "after a reboot the drive is used again" "0 $uuid kept" \
		"$status $(blkid -p -o value -s UUID "$store") $(cat /mnt/data/file)"
}

targets() {
	cat >"$work/opt.yaml" <<-END
		version: 1
		storage:
		  - name: opt
		    disks: {serial: AWS00000000000000003, model: QEMU NVMe Ctrl}
		    mount: /opt/data
	END
	run opt
	t_status "a mount that would not reach the host is refused" 5
	t_says "the trees that would reach it are named" "/mnt"
	t_is "it is refused before the drive is formatted" 0 "$(sectors_written "$(drive_by_serial AWS00000000000000003)")"
	ln -s /local /mnt/link
	sed 's|/opt/data|/mnt/link/data|' "$work/opt.yaml" >"$work/link.yaml"
	run link
	t_status "a link in the path is refused" 5
	sed 's|/opt/data|/var/lib/kubelet|' "$work/opt.yaml" >"$work/kubelet.yaml"
	run kubelet
	t_is "the kubelet's directory is shared" "0 xfs" "$status $(findmnt -no FSTYPE /var/lib/kubelet)"
	[ "$image" ] || t_ok "host's mkfs.xfs was used" test ! -e $rootfs/usr/sbin/mkfs.xfs
}

# In a container of a whole system, process 1 is that of the container. hosttune sees whose
# namespaces it has, although it keeps fewer capabilities than that process; not so if it never
# had them, nor CAP_SYS_PTRACE.
whole_system() {
	for less in "" -sys_module -sys_module,-sys_ptrace; do
		# shellcheck disable=SC2016 # for the shell that is process 1
		t_run unshare -iupf --mount-proc sh -c 'setpriv ${2:+--bounding-set=$2} \
			"$0" apply --no-api --no-journal "$1"; code=$?; sysctl -n kernel.msgmnb; exit $code' \
			"$B/hosttune" "$work/ipc.yaml" $less
		case $less in
		*ptrace)
			t_status "a whole system, capabilities $less: exit" 3
			t_says "which names the remedy" "CAP_SYS_PTRACE"
			;;
		*)
			t_status "a whole system, capabilities ${less:-all}: exit" 0
			t_is "its own value is set" 65536 "$(tail -n 1 "$t_out")"
			;;
		esac
	done
	t_is "and not that of the node" "$before" \
		"$(sysctl -n kernel.sem kernel.msgmnb fs.mqueue.msg_max kernel.domainname kernel.hostname | xargs)"
}

# The container has its own IPC and UTS namespace: what the kernel shows there is not the node's.
namespaces() {
	names=kernel.sem,kernel.msgmnb,fs.mqueue.msg_max,kernel.domainname
	before=$(sysctl -n kernel.sem kernel.msgmnb fs.mqueue.msg_max kernel.domainname kernel.hostname | xargs)
	cat >"$work/ipc.yaml" <<-END
		version: 1
		sysctl:
		  kernel.sem: [32000, 1024000000, 500, 32000]
		  kernel.msgmnb: 65536
		  fs.mqueue.msg_max: 64
		  kernel.domainname: node.example
	END
	api
	run ipc audit -o json
	t_status "System V limits: exit of an audit" 1
	t_says "System V limits: none is in the settings" '"reason": "NotSet"'
	run ipc
	t_status "System V limits: exit of an apply" 0
	t_is "System V limits: the settings hold them" "32000 1024000000 500 32000,65536,64,node.example" \
		"$(for name in $(echo $names | tr , ' '); do stored ".kernel.sysctl[\"$name\"]"; done | paste -sd ,)"
	t_is "System V limits: none was set here, and Bottlerocket sets them" "$before" \
		"$(sysctl -n kernel.sem kernel.msgmnb fs.mqueue.msg_max kernel.domainname kernel.hostname | xargs)"
	run ipc audit -v
	t_status "System V limits: an audit is clean" 0
	t_says "System V limits: and says that it saw no live value" "LiveHidden"
	run ipc apply --no-api
	t_status "System V limits: without the API, an apply fails" 3
	t_says "System V limits: and says why" "it is unknown whether"
	run ipc capture /.bottlerocket/bootstrap-containers/current/user-data
	t_not "System V limits: a capture does not have the container's" grep -q '^ *kernel.sem:' "$t_out"
	t_run unshare -i "$B/hosttune" apply --no-api --no-journal "$work/ipc.yaml"
	t_status "in another IPC namespace, without the API: exit" 3
	whole_system
	t_run "$B/hosttune" apply --no-api --no-journal "$work/ipc.yaml"
	t_status "on the node itself: exit" 0
	t_is "on the node itself they are set" "32000 1024000000 500 32000 65536 64 node.example" \
		"$(sysctl -n kernel.sem kernel.msgmnb fs.mqueue.msg_max kernel.domainname | xargs)"
	rm -f "$work/settings.json"
}

# The host has neither mkfs.xfs nor mdadm: those of the image are used.
tools_of_the_image() {
	rm /usr/sbin/mkfs.xfs /sbin/mdadm
	cat >"$work/array.yaml" <<-END
		version: 1
		storage:
		  - name: array
		    disks: {serial: [AWS00000000000000004, AWS00000000000000005], model: QEMU NVMe Ctrl}
		    array: raid0
		    mount: /mnt/array
	END
	run array
	t_status "a host without mkfs.xfs and mdadm: apply" 0
	t_is "the array of the image's mdadm" raid0 "$(cat /sys/block/md*/md/level)"
	t_is "the file system of the image's mkfs.xfs" xfs "$(findmnt -no FSTYPE /mnt/array)"
	run array audit
	t_status "a host without mkfs.xfs and mdadm: audit" 0
}

# Faults of the API: exit code 4, and no transaction is left.
api_faults() {
	for fault in 'PATCH /settings=status:500:broken' 'PATCH /settings=status:400:no' \
		'POST /tx/commit_and_apply=status:500:broken' 'GET /settings=status:500:locked' \
		'GET /settings=badjson' 'GET /settings=wrongtype' 'GET /settings=half' \
		'GET /settings=close' 'GET /settings=garbage' 'GET /settings=huge:8388608' \
		'PATCH /settings=close' 'PATCH /settings=half' 'POST /tx/commit_and_apply=half' \
		'GET /settings=endless' 'GET /settings=slow:8000' 'GET /settings=hang'; do
		rm -f "$work/settings.json"
		api --fault "$fault"
		# the others end by themselves, however slow the machine is
		deadline=60
		case $fault in *slow* | *hang*) deadline=4 ;; esac
		run main --deadline $deadline
		case "$fault=$status" in
		*slow*=[47] | *hang*=[47] | *=4) t_pass "API: $fault" ;;
		*) t_fail "API: $fault" "exit $status" "$(cat "$t_out")" ;;
		esac
		t_is "API: $fault: no transaction is left" "[]" \
			"$(curl -s -m 20 --unix-socket /run/api.sock http://localhost/tx/list)"
	done
	t_is "API failures leave live values" 10 "$(cat /proc/sys/vm/swappiness)"

	rm -f "$work/settings.json"
	api --fault 'GET /settings#1=status:423:locked'
	run main
	t_status "API: busy once, then fine" 0
	rm -f "$work/settings.json"
	api --fault 'GET /settings#1=restart'
	run main
	t_status "API: a new socket while the container holds the old one" 0
	t_is "API: everything is stored" '"10"' "$(jq -c '.kernel.sysctl["vm.swappiness"]' "$work/settings.json")"
	rm -f "$work/settings.json"
	api --lockdown
	run main
	t_status "locked down, but persist: true: exit" 4
	api_stop
	rm -f /run/api.sock
	run main
	t_status "no API, but persist: true: exit" 4
	sed '/^persist\|^settings\|oci-defaults/d' "$work/main.yaml" >"$work/nopersist.yaml"
	run nopersist
	t_status "no API, and none required: exit" 0
	t_is "no API: logged once" 1 "$(grep -c api.sock "$t_out")"
	api --lockdown
	run nopersist
	t_status "locked down, and no API required: exit" 0
	t_is "locked down: logged once" 1 "$(grep -c 'locked down' "$t_out")"
}

if [ "$image" ] && ! [ -e "$B/image/digest" ]; then
	t_skip "the image" "not built (make image; make check-full does)"
	t_done
fi
prepare
main_job
again
targets
namespaces
if [ "$image" ]; then tools_of_the_image; else api_faults; fi
t_done
