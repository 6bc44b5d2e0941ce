#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Test the test VM from the inside: its drives, its Bottlerocket-like host and
# its containers are what tests/vm/guest.sh says.
#
# usage: tests/vm/run -d 3 -- tests/vm/selftest.sh
. tests/vm/guest.sh

one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
three=$(drive_by_serial AWS00000000000000003)

# Run a container with this machine's programs.
rootfs=/tmp/rootfs
test_rootfs $rootfs sh cat chroot grep ls mkdir mount pivot_root
container() {
	bootstrap_container tuner $rootfs "$@"
}
host=/.bottlerocket/rootfs

drives() {
	t_is "each drive has its serial" 3 "$(printf '%s\n' "$one" "$two" "$three" | sort -u | grep -c /dev/nvme)"
	t_is "QEMU's drives have QEMU's model" 'QEMU NVMe Ctrl' \
		"$(sed 's/ *$//' "/sys/block/${one#/dev/}/device/model")"

	store=$(instance_store_drive AWS1A2B3C4D5E6F70 "$two")
	ebs=$(ebs_drive vol0123456789abcdef0 "$three")
	t_is "instance store drive: model" 'Amazon EC2 NVMe Instance Storage' \
		"$(sed 's/ *$//' "/sys/block/${store#/dev/}/device/model")"
	t_is "instance store drive: serial" AWS1A2B3C4D5E6F70 "$(tr -d ' ' <"/sys/block/${store#/dev/}/device/serial")"
	t_is "EBS drive: model" 'Amazon Elastic Block Store' \
		"$(sed 's/ *$//' "/sys/block/${ebs#/dev/}/device/model")"
	truncate -s 400M /tmp/backing
	t_ok "a file can back a drive" instance_store_drive AWSFILE /tmp/backing
	t_is "hidden path devices exist, and have no node" 3 "$(hidden_paths | grep -c 'no node')"

	t_is "nothing was written to the EBS drive" 0 "$(sectors_written "$three")"
}

hidden_paths() {
	for path in /sys/block/nvme*c*n*; do
		[ "$(cat "$path/hidden")" = 1 ] && ! [ -e "/dev/${path##*/}" ] && echo "${path##*/}: no node"
	done
}

xfs() {
	mkdir -p /tmp/mnt
	t_ok "XFS can be made" mkfs.xfs -q "$store"
	t_ok "XFS can be mounted" mount -o noatime "$store" /tmp/mnt
	t_is "XFS is mounted" xfs "$(findmnt -no FSTYPE /tmp/mnt)"
	umount /tmp/mnt
	t_is "writes show on the backing drive" yes "$([ "$(sectors_written "$two")" -gt 0 ] && echo yes)"
}

kernel() {
	modules='nvmet-tcp raid0 nfsd tcp_bbr tcp_htcp sch_fq dm-flakey dm-delay loop brd null_blk btrfs'
	# shellcheck disable=SC2086 # a list of names
	t_ok "modprobe finds the modules" modprobe -an $modules
	t_is "nfsd's threads can be set in a private mount" 3 "$(unshare -m sh -c '
		mount -t nfsd nfsd /proc/fs/nfsd
		echo "-2 -3" >/proc/fs/nfsd/versions
		echo 3 >/proc/fs/nfsd/threads
		cat /proc/fs/nfsd/threads')"
	t_ok "the private mount has not leaked" sh -c '! mountpoint -q /proc/fs/nfsd'
}

host() {
	t_ok "the host's /etc is read-only" sh -c '! touch /etc/file 2>/dev/null'
	t_is "/mnt and /var are shared" "shared shared" \
		"$(findmnt -no PROPAGATION /mnt) $(findmnt -no PROPAGATION /var)"
	t_is "/local is private" private "$(findmnt -no PROPAGATION /local)"
	t_is "/etc/os-release is Bottlerocket's" ID=bottlerocket "$(grep ^ID= /etc/os-release)"
}

containers() {
	mkdir -p /local/bootstrap-containers/tuner
	echo 'the user data' >/local/bootstrap-containers/tuner/user-data
	echo 60 >/proc/sys/vm/swappiness

	# shellcheck disable=SC2016 # for the container's shell
	seen=$(container sh -c '
		cat /.bottlerocket/bootstrap-containers/current/user-data
		cat /.bottlerocket/bootstrap-containers/tuner/user-data
		echo "$1"
		grep -E "^(CapPrm|CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status
		ulimit -n
		ls -l /proc/self/ns/net | grep -o net:.*
		cat /proc/$2/comm
		exit 37' sh "it's \"NAME\" " $$)
	t_is "the exit status is passed on" 37 $?
	t_is "user data, argument, capabilities, limits, namespaces" "the user data
the user data
it's \"NAME\" 
CapPrm:	00000000e82535fb
CapEff:	00000000e82535fb
CapBnd:	00000000e82535fb
NoNewPrivs:	1
Seccomp:	2
1024
$(readlink /proc/self/ns/net)
$(cat /proc/$$/comm)" "$seen"

	ahead=sys/block/${one#/dev/}/queue/read_ahead_kb
	# shellcheck disable=SC2016 # for the container's shell
	seen=$(container sh -c '
		for file; do
			if (echo 50 >"$file") 2>/dev/null; then echo "yes $file"; else echo "no $file"; fi
		done' sh /proc/sys/vm/swappiness "/$ahead" $host/etc/file $host/file \
		$host/proc/sys/vm/swappiness "$host/$ahead" $host/var/file $host/local/file /file /run/file)
	t_is "what can be written" "no /proc/sys/vm/swappiness
no /$ahead
no $host/etc/file
no $host/file
yes $host/proc/sys/vm/swappiness
yes $host/$ahead
yes $host/var/file
yes $host/local/file
yes /file
yes /run/file" "$seen"
	t_is "what was written to the host" 50 "$(cat /proc/sys/vm/swappiness)"
	t_not "nothing stays in the image" test -e $rootfs/file

	t_not "no NVMe node in /dev" container sh -c 'ls /dev/nvme*'
	t_is "seccomp refuses what containerd does not list" 'Operation not permitted' \
		"$(container pivot_root / / 2>&1 | grep -o 'Operation not permitted')"
	t_ok "a module can be loaded" container modprobe tcp_bbr
	t_ok "the module is there" test -d /sys/module/tcp_bbr
	t_ok "the host's programs work, through chroot" container chroot $host mkfs.xfs -qf "$store"

	t_ok "mounts can be made" container sh -c "
		mkdir $host/mnt/data $host/var/lib/kubelet/pods &&
		mount -t xfs -o noatime,nodiratime $host$store $host/mnt/data &&
		mount -t tmpfs tmpfs $host/var/lib/kubelet/pods &&
		mount -t tmpfs tmpfs $host/var/log/pods"
	t_is "the host sees mounts below /mnt, with their options" xfs,rw,noatime,nodiratime \
		"$(findmnt -no FSTYPE /mnt/data),$(findmnt -no VFS-OPTIONS /mnt/data)"
	t_ok "the host sees mounts in the storage directories" mountpoint -q /var/lib/kubelet/pods
	t_not "mounts elsewhere stay in the container" mountpoint -q /var/log/pods
	t_not "containers leave no mounts" grep -q /run/bootstrap /proc/self/mountinfo
}

# Test what differs from a bootstrap container.
host_containers() {
	mkdir -p /local/host-containers/tuner
	echo 'other user data' >/local/host-containers/tuner/user-data
	# shellcheck disable=SC2016 # for the container's shell
	look='cat /.bottlerocket/host-containers/current/user-data
		grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/self/status
		ls -l /proc/self/ns/net | grep -o net:.*
		(echo 60 >/proc/sys/vm/swappiness) 2>/dev/null && echo writes
		cat /proc/$1/comm 2>/dev/null
		ls -d /.bottlerocket/rootfs 2>/dev/null
		exit 38'
	seen=$(host_container true tuner $rootfs sh -c "$look" sh $$)
	t_is "host container: the exit status is passed on" 38 $?
	t_is "superpowered host container: user data, all capabilities, the host's processes and files" "other user data
$(grep CapEff: /proc/self/status)
NoNewPrivs:	0
Seccomp:	0
$(readlink /proc/self/ns/net)
writes
$(cat /proc/$$/comm)
$host" "$seen"
	seen=$(host_container false tuner $rootfs sh -c "$look" sh $$)
	t_is "plain host container: user data, few capabilities, the host's network" "other user data
CapEff:	00000000a80425fb
NoNewPrivs:	1
Seccomp:	2
$(readlink /proc/self/ns/net)" "$seen"
	t_not "host containers leave no mounts" grep -q /run/host /proc/self/mountinfo
}

drives
xfs
kernel
bottlerocket_host
host
containers
host_containers
t_done
