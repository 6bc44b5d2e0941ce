# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What a healthy node logs of storage, devices and network: from none of it may a verdict
# follow.

# shellcheck disable=SC2034 # read by run.sh
suffix=noise
work=/mnt/stage
mkdir -p $work
modprobe loop
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
three=$(drive_by_serial AWS00000000000000003)

what boot "the whole boot" "Linux version"
stage_boot() {
	echo 0 >/run/vm/first
}

what xfs "XFS is made, mounted, grown, frozen and thawed, mounted with quota, unmounted" "Ending clean mount"
stage_xfs() {
	mkfs.xfs -q -f -d size=300m "$one"
	mount "$one" $work
	xfs_growfs $work
	cp -r lib $work
	fsfreeze -f $work
	fsfreeze -u $work
	umount $work
	mount -o uquota,pquota,noatime "$one" $work
	mount -o remount,ro $work
	umount $work
}

what xfs_recovery "XFS is mounted again after it lost its device without warning" "recovery"
stage_xfs_recovery() {
	mkfs.xfs -q -f "$one"
	mount "$one" $work
	cp -r lib $work
	sync
	rm -r $work/lib/host
	sync -f $work
	dd if="$one" of=/tmp/copy bs=1M
	umount $work
	mount -o loop,nouuid /tmp/copy $work
	umount $work
	rm /tmp/copy
}

what ext4 "ext4 is made, mounted, remounted, recovered and unmounted" "EXT4-fs"
stage_ext4() {
	mkfs.ext4 -q -F "$one"
	mount "$one" $work
	cp -r lib $work
	sync
	rm -r $work/lib/host
	sync -f $work
	dd if="$one" of=/tmp/copy bs=1M
	mount -o remount,ro $work
	umount $work
	mount -o loop /tmp/copy $work
	umount $work
	rm /tmp/copy
}

what filesystems "btrfs, FAT and an image of squashfs are mounted; loop devices change their size" "loop"
stage_filesystems() {
	modprobe btrfs
	mkfs.btrfs -q -f "$one"
	mount "$one" $work
	umount $work
	truncate -s 64M /tmp/fat
	busybox mkdosfs /tmp/fat
	mount -o loop /tmp/fat $work
	umount $work
	truncate -s 100M /tmp/fat
	mount -o loop,ro /tmp/fat $work
	umount $work
	rm /tmp/fat
	blkdiscard -f "$one"
}

what partitions "a drive is partitioned and the table is read again" "nvme"
stage_partitions() {
	printf 'label: gpt\nsize=100M\nsize=50M\n' | sfdisk -q "$one"
	sleep 1
	printf 'label: gpt\nsize=200M\n' | sfdisk -q "$one"
	sleep 1
	blkdiscard -f "$one"
	blockdev --rereadpt "$one"
}

what md_raid0 "a RAID 0 is created, formatted, mounted, stopped and assembled again" "md"
stage_md_raid0() {
	mdadm --create /dev/md/ephemeral --run --level=0 --chunk=256 --raid-devices=2 "$one" "$two"
	mkfs.xfs -q -f /dev/md/ephemeral
	mount /dev/md/ephemeral $work
	umount $work
	mdadm --stop /dev/md/ephemeral
	mdadm --assemble /dev/md/ephemeral "$one" "$two"
	mount -o noatime /dev/md/ephemeral $work
	umount $work
	mdadm --stop /dev/md/ephemeral
	blkdiscard -f "$one"
	blkdiscard -f "$two"
}

what md_resync "a RAID 5 and a RAID 1 are created, resynced and checked" "md: .*resync\|recovery"
stage_md_resync() {
	mdadm --create /dev/md/five --run --level=5 --size=40M --raid-devices=3 "$one" "$two" "$three"
	sleep 4
	echo check >/sys/block/"$(basename "$(readlink -f /dev/md/five)")"/md/sync_action
	sleep 4
	mdadm --stop /dev/md/five
	mdadm --zero-superblock "$one" "$two" "$three"
	mdadm --create /dev/md/mirror --run --level=1 --size=60M --metadata=1.2 --raid-devices=2 "$one" "$two"
	sleep 4
	mdadm --stop /dev/md/mirror
	blkdiscard -f "$one"
	blkdiscard -f "$two"
	blkdiscard -f "$three"
}

what device_mapper "linear, delay and crypt devices, suspended and resumed for a moment" "device-mapper"
stage_device_mapper() {
	modprobe dm-mod
	dmsetup create part --table "0 100000 delay $one 0 5"
	dmsetup suspend part
	dmsetup resume part
	dmsetup remove --retry part
	echo secret | cryptsetup -q --type plain open "$one" secret
	dmsetup remove --retry secret
}

what nvme_tcp "two drives over NVMe/TCP are connected and disconnected" "nvme"
stage_nvme_tcp() {
	instance_store_drive AWS9 "$one"
	ebs_drive EBS1 "$two"
	aws_drive_remove AWS9
	aws_drive_remove EBS1
}

what pci_rescan "an unused drive is removed from the PCI bus and found again" "pci\|nvme"
stage_pci_rescan() {
	slot=$(readlink -f "/sys/block/$(basename "$three")/device/device")
	echo 1 >"$slot/remove"
	echo 1 >/sys/bus/pci/rescan
	sleep 3
}

what nvme_admin_reset "the administrator resets and rescans controllers" "nvme"
stage_nvme_admin_reset() {
	for controller in /sys/class/nvme/nvme*; do
		echo 1 >"$controller/reset_controller"
		echo 1 >"$controller/rescan_controller"
	done
	sleep 2
}

what usb "a USB stick is plugged in, mounted and pulled (dummy_hcd, g_mass_storage)" "usb"
stage_usb() {
	truncate -s 40M /tmp/stick
	busybox mkdosfs /tmp/stick
	modprobe -a usb-storage sd_mod uas
	modprobe dummy_hcd is_super_speed=1
	modprobe g_mass_storage file=/tmp/stick removable=1 stall=0
	sleep 5
	rmmod g_mass_storage
	modprobe g_ether
	sleep 3
	rmmod g_ether dummy_hcd
	rm /tmp/stick
}

what scsi "SCSI disks come and go (scsi_debug)" "scsi"
stage_scsi() {
	modprobe scsi_debug dev_size_mb=32 num_tgts=2 max_luns=2
	sleep 3
	rmmod scsi_debug
}

what modules "many modules are loaded" "."
stage_modules() {
	for module in ena e1000e ixgbevf bonding 8021q vxlan wireguard ip_vs openvswitch br_netfilter kvm \
		kvm-amd zram nbd rbd ceph cifs nfsv4 lockd target_core_mod vhost_net tun macvlan ipvlan ipip \
		geneve sctp dccp tcp_bbr sch_fq msr cpuid i6300esb ipmi_si acpi_ipmi raid456 btrfs xfs drbd \
		ice mlx5_core efa ptp_kvm softdog configfs fuse overlay; do
		modprobe $module 2>/dev/null
	done
	sleep 1
}

what containers "pods come and go: a bridge, veth pairs, renamed links, overlay mounts" "entered .* state"
stage_containers() {
	ip link add cni0 type bridge
	ip link set cni0 up
	for pod in 1 2 3 4; do
		ip netns add pod$pod
		ip link add veth$pod type veth peer name tmp$pod netns pod$pod
		ip -n pod$pod link set tmp$pod name eth0
		ip -n pod$pod addr add 10.42.0.$pod/24 dev eth0
		ip -n pod$pod link set eth0 up
		ip link set veth$pod master cni0 up
		mkdir -p /run/pod$pod/upper /run/pod$pod/work /run/pod$pod/root
		mount -t overlay -o "lowerdir=/etc,upperdir=/run/pod$pod/upper,workdir=/run/pod$pod/work" overlay /run/pod$pod/root
	done
	sleep 3
	for pod in 1 2 3 4; do
		umount /run/pod$pod/root
		ip netns del pod$pod
	done
	sleep 1
	ip link del cni0
}

what network "VLAN, bonding, VXLAN, dummy and tunnel devices, promiscuous mode, netem" "."
stage_network() {
	for link in "dummy0 type dummy" "vlan5 link dummy0 type vlan id 5" "bond0 type bond mode active-backup" \
		"vx0 type vxlan id 5 dstport 4789" "wg0 type wireguard" "tap0 type ipvlan" "mac0 link dummy0 type macvlan"; do
		# shellcheck disable=SC2086 # a list of words
		ip link add ${link%% *} ${link#* }
	done
	ip link set dummy0 up promisc on
	ip link add d1 type dummy
	ip link set d1 master bond0
	ip link set bond0 up
	tc qdisc add dev dummy0 root netem delay 5ms
	ip link set dummy0 promisc off mtu 9001
	sleep 2
	for link in vx0 wg0 bond0 vlan5 mac0 d1 dummy0; do
		ip link del $link
	done
}

what nfs "an NFS server is started, used by v3 and v4.2, and stopped" "NFSD\|nfs"
stage_nfs() {
	mkfs.xfs -q -f "$one"
	mount "$one" $work
	modprobe nfsv4
	for version in 3,nolock 4.2; do
		case $version in 3*) export=$work ;; *) export=/ ;; esac
		serve $work 8 "vers=$version" "$export"
		timeout 20 cp -r cmd /mnt/client
		unserve
	done
	umount $work
}
