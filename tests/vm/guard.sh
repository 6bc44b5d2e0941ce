#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The guard of a mount point on a real kernel: nothing can be written below a mount whose
# drive is missing, by the host or by a pod; the guard is seen and changed while the drive is
# mounted; and everything that hosttune must refuse or report.
#
# usage: tests/vm/run -d 3 -s 320M -t 600 -- tests/vm/guard.sh
# shellcheck disable=SC2317 # functions that others call
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
rootfs=/run/rootfs
work=$(mktemp -d /run/work.XXXXXX)
disk=/mnt/disk # stands for the root volume
data=$disk/data
chmod 755 "$work"

run() {
	t_run "$hosttune" "$@" --no-api
}

# item SERIAL [LINE...]: write a profile with one storage item, mounted at $data.
item() {
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		echo "    disks: {model: QEMU NVMe Ctrl, serial: $1}"
		echo "    mount: $data"
		shift
		for line; do echo "    $line"; done
	} >"$work/item.yaml"
}

# guard_is NAME STATE-AND-REASON: of the guard, in the report of an audit.
guard_is() {
	"$hosttune" audit --no-api -o json "$work/item.yaml" >"$work/report" 2>"$t_out"
	t_is "$1" "$2" "$(jq -r '.resources[] | select(.kind == "guard") | "\(.state) \(.reason)"' "$work/report")"
}

immutable() {
	lsattr -d "$1" | cut -d' ' -f1 | grep -q i
}

# fails NAME ERROR COMMAND...
fails() {
	name=$1 error=$2
	shift 2
	t_run "$@"
	t_is "$name: it fails" 1 "$status"
	t_says "$name: $error" "$error"
}

# root_volume TYPE: a fresh file system at $disk.
root_volume() {
	umount $disk 2>/dev/null
	blkdiscard -fz "$two" 2>/dev/null
	"mkfs.$1" -q "$two"
	mkdir -p $disk
	mount -o noatime "$two" $disk
}

prepare() {
	bottlerocket_host
	cp -r "$B/rootfs" $rootfs
	one=$(drive_by_serial AWS00000000000000001)
	two=$(drive_by_serial AWS00000000000000002)
	three=$(drive_by_serial AWS00000000000000003)
}

# --- nothing can be written ------------------------------------------------------------------

cannot_write() {
	fails "$1: a file" "Operation not permitted" touch $data/file
	fails "$1: a directory, as the kubelet makes one" "Operation not permitted" mkdir -p $data/pvc-1/mount
	fails "$1: a link" "Operation not permitted" ln -s x $data/link
	fails "$1: the directory cannot be removed" "Operation not permitted" rmdir $data
	fails "$1: nor renamed" "Operation not permitted" mv $data $disk/other
	# a pod of a local volume: the kubelet binds the directory
	mkdir -p /run/pod
	mount --bind $data /run/pod
	fails "$1: a pod" "Operation not permitted" touch /run/pod/file
	umount /run/pod
}

# protects TYPE: on a root volume of that type.
protects() {
	root_volume "$1"
	item AWS00000000000000001 'label: ephemeral' 'guard: true'
	guard_is "$1: before" "drift NotGuarded"
	run apply "$work/item.yaml"
	t_status "$1: formatted, mounted and guarded" 0
	t_ok "$1: the drive can be written to" sh -c "echo text >$data/file"
	t_is "$1: the mount is the drive" "$one" "$(findmnt -no SOURCE $data)"
	trace_changes "$work/trace" "$hosttune" audit --no-api "$work/item.yaml" >"$t_out" 2>&1
	t_is "$1: an audit sees the guard below the mount" 0 $?
	t_is "$1: which writes nothing" "" "$(changes_in "$work/trace")"
	run apply "$work/item.yaml"
	t_says "$1: a second apply changes nothing" "all 4 in sync"

	# a pod that was bound before, and still has what was below
	umount $data
	mkdir -p /run/stale
	mount --bind $data /run/stale
	mount --make-private /run/stale
	cannot_write "$1"
	guard_is "$1: seen while nothing is mounted" "ok null"
	run apply "$work/item.yaml"
	t_status "$1: the guard does not prevent the mount" 0
	t_is "$1: the data is there" text "$(cat $data/file)"
	fails "$1: a pod that the mount came too late for" "Operation not permitted" touch /run/stale/file
	umount /run/stale
	umount $data
	t_is "$1: nothing was written" "" "$(ls -A $data)"
}

# The instance came back without its drive.
missing() {
	root_volume ext4
	item AWS00000000000000009 'label: ephemeral' 'guard: true'
	run apply "$work/item.yaml"
	t_status "no drive: apply" 0
	guard_is "no drive: guarded all the same" "ok null"
	cannot_write "no drive"
}

# --- undoing it --------------------------------------------------------------------------------

undo() {
	root_volume ext4
	item AWS00000000000000001 'label: ephemeral' 'guard: true'
	run apply "$work/item.yaml"
	item AWS00000000000000001 'label: ephemeral' 'guard: false'
	guard_is "guard: false" "drift Guarded"
	run apply "$work/item.yaml"
	t_status "guard: false, below the mount" 0
	umount $data
	t_ok "it can be written to" sh -c ": >$data/file"

	mount "$one" $data
	item AWS00000000000000001 'label: ephemeral' 'guard: true'
	run apply "$work/item.yaml"
	t_status "files below the mount: refused" 5
	t_says "they are reported" "the directory below the mount is not empty"
	run audit -v "$work/item.yaml"
	t_says "and how to move them" "mkdir /run/below; mount --bind $disk /run/below"
	mkdir /run/below
	mount --bind $disk /run/below
	t_ok "what the remedy shows is there" rm /run/below/data/file
	umount /run/below
	run apply "$work/item.yaml"
	t_status "without them: guarded" 0
	umount $data
	t_ok "by hand" chattr -i $data
	guard_is "chattr -i is drift" "drift NotGuarded"
	t_ok "it can be written to again" touch $data/file
	guard_is "files, and nothing mounted" "refused GuardNotEmpty"
	chattr +i $data
	guard_is "chattr +i does not make it empty" "refused GuardNotEmpty"
	chattr -i $data
}

# A server that cannot listen fails after the guard.
rolled_back() {
	root_volume ext4
	item AWS00000000000000009 'guard: true'
	echo 'nfsd: {threads: 2, start: true, versions: [4.2]}' >>"$work/item.yaml"
	take_port 2049
	run apply "$work/item.yaml"
	t_status "a later step fails" 3
	t_not "the directory that hosttune made is gone" test -e $data
	mkdir $data
	run apply "$work/item.yaml"
	t_status "it fails again" 3
	t_ok "the directory stays" test -d $data
	t_not "without the flag" immutable $data
	chattr +i $data
	sed -i 's/guard: true/guard: false/' "$work/item.yaml"
	run apply "$work/item.yaml"
	t_ok "guard: false is rolled back, too" immutable $data
	release_port
	chattr -i $data
}

# --- what cannot be guarded ----------------------------------------------------------------------

unsupported() {
	umount $disk
	mount -t ramfs ramfs $disk
	item AWS00000000000000003 'label: third' 'guard: true'
	before=$(sectors_written "$three")
	run apply "$work/item.yaml"
	t_status "a file system without the flag" 3
	t_says "it is named" "ramfs has no immutable flag"
	t_is "it is known before the drive is formatted" "$before" "$(sectors_written "$three")"
	mkdir $data
	run apply "$work/item.yaml"
	t_status "the same of a directory that exists" 3
	sed -i 's/guard: true/guard: false/' "$work/item.yaml"
	guard_is "guard: false needs no flag" "ok null"
	umount $disk
	mount -t tmpfs tmpfs $disk
	item AWS00000000000000009 'guard: true'
	guard_is "tmpfs has it since Linux 6.0" "drift NotGuarded"
	ln -s $disk /mnt/link
	data=/mnt/link/data item AWS00000000000000009 'guard: true'
	guard_is "a link in the path" "refused TargetUnsafe"
	rm /mnt/link
	mount -o remount,ro $disk
	item AWS00000000000000009 'guard: true'
	guard_is "a mount point that cannot be made" "failed NotReadable"
	umount $disk
}

# without CAPABILITY COMMAND...
# shellcheck disable=SC2317 # called through t_status
without() {
	_capability=$1
	shift
	setpriv --bounding-set "-$_capability" --inh-caps "-$_capability" "$@"
}

rights() {
	root_volume ext4
	item AWS00000000000000001 'label: ephemeral' 'guard: true'
	echo 'sysctl: {vm.swappiness: 23}' >>"$work/item.yaml"
	t_run without linux_immutable "$hosttune" apply --no-api "$work/item.yaml"
	t_status "without CAP_LINUX_IMMUTABLE: differs" 1
	t_says "the capability is named" "needs CAP_LINUX_IMMUTABLE"
	t_is "everything else is applied" "23 $one" "$(cat /proc/sys/vm/swappiness) $(findmnt -no SOURCE $data)"
	t_run without sys_admin "$hosttune" audit --no-api "$work/item.yaml"
	t_says "without CAP_SYS_ADMIN: unknown below the mount" "needs CAP_SYS_ADMIN"
	umount $data
	t_run without sys_admin "$hosttune" audit --no-api -v "$work/item.yaml"
	t_says "but not while nothing is mounted" "not immutable"
}

# boot LIST: a bootstrap container; LIST is "old" if its seccomp list lacks open_tree.
boot() {
	_list=.
	# shellcheck disable=SC2016 # a variable of jq
	[ "$1" = old ] || _list='.linux.seccomp.syscalls += [{names: ["open_tree"], action: "SCMP_ACT_ALLOW"}]'
	t_run run_container bootstrap boot. "$_list" hosttune $rootfs /usr/bin/hosttune apply --no-api
}

# A bootstrap container looks below mounts, and cannot set the flag.
container() {
	root_volume ext4
	sed -i '/^sysctl/d' "$work/item.yaml"
	mkdir -p /local/bootstrap-containers/hosttune
	cp "$work/item.yaml" /local/bootstrap-containers/hosttune/user-data
	boot new
	t_status "bootstrap container: differs" 1
	t_says "bootstrap container: the capability is named" "needs CAP_LINUX_IMMUTABLE"
	t_is "bootstrap container: mounted" "$one" "$(findmnt -no SOURCE $data)"
	boot old
	t_status "bootstrap container, old seccomp list: unknown" 1
	t_says "bootstrap container, old seccomp list: why" "allows open_tree"
	run apply "$work/item.yaml"
	t_status "the host sets the guard" 0
	boot new
	t_status "bootstrap container: in sync from then on" 0
}

# The watch changes nothing of storage but this.
watch() {
	root_volume ext4
	umount $data 2>/dev/null
	"$hosttune" watch --no-api --audit-interval 1 "$work/item.yaml" >"$work/log" 2>&1 &
	watch=$!
	t_ok "the watch sets the guard" until_ok immutable $data
	t_ok "it logs that" until_ok grep "fixed guard data: " "$work/log"
	t_not "and mounts nothing" findmnt $data
	kill $watch
	wait $watch
}

# --- bundles, captures -----------------------------------------------------------------------------

bundle() {
	t_run "$hosttune" collect --no-api "$work/bundle" "$work/item.yaml"
	t_run "$hosttune" audit --bundle "$work/bundle" -v "$work/item.yaml"
	t_is "a bundle answers: exit status" 0 "$status"
	t_says "a bundle has the guard" "guard data immutable immutable"
	run capture "$work/item.yaml"
	t_says "a capture has the guard" "guard: true"
	umount $data
}

prepare
protects ext4
protects xfs
missing
undo
rolled_back
unsupported
rights
container
bundle
watch
t_done
