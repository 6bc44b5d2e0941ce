#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What every kind promises, on a real kernel. Each row of the table at the end is a host
# and a profile, and shows of one kind:
#
# 1. An audit writes nothing.
# 2. After an apply, an audit finds everything in sync.
# 3. A second apply writes nothing.
# 4. If a step fails, its own or a later one, the host is as it was before. What cannot be
#    undone is reported, stays, and the next apply continues from there.
# 5. A profile without the keys of the kind changes nothing.
#
# That each error of a profile has its place (file:line:col) needs no kernel: that is in
# tests/unit/resource/test_kinds.c, which reads the table too.
#
# usage: tests/vm/run -n -d 3 -w 3:8 -s 320M -t 600 -- tests/vm/kinds.sh [ROW...]
#
# shellcheck disable=SC2317 # the functions of a row are called by its name
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d)
top=/srv/kinds
pool_mode=/sys/module/sunrpc/parameters/pool_mode
only=" $* "
covered=

# --- the host -----------------------------------------------------------------------------

# Three instance store drives that a test can break: each is an NVMe target on device-mapper.
# K0 is for file systems; K1 and K2, the two halves of another, are for arrays.
#
# The kernel's third drive reports that it is read-only: see -w above.
make_drives() {
	export DM_DISABLE_UDEV=1
	size=$(blockdev --getsz "$(drive_by_serial AWS00000000000000001)")
	half=$((size / 2))
	for digit in 0 1 2; do
		dmsetup create "k$digit" --table "$(table $digit "$(sectors $digit)")"
		instance_store_drive "K$digit" "/dev/mapper/k$digit" >/dev/null
	done
	one=$(drive_by_serial K0)
	ill=$(drive_by_serial AWS00000000000000003)
}

sectors() {
	case $1 in 0) echo "$size" ;; *) echo "$half" ;; esac
}

# table DIGIT SECTOR: the drive of that digit; from SECTOR on it refuses each write.
table() {
	case $1 in 0) serial=1 from=0 ;; 1) serial=2 from=0 ;; 2) serial=2 from=$half ;; esac
	backing=$(drive_by_serial "AWS0000000000000000$serial")
	all=$(sectors "$1")
	[ "$2" = 0 ] || echo "0 $2 linear $backing $from"
	[ "$2" = "$all" ] ||
		echo "$2 $((all - $2)) flakey $backing $((from + $2)) 0 1 1 error_writes"
}

# writable DIGIT SECTOR: only what is before SECTOR takes writes.
writable() {
	table "$1" "$2" >"$work/table"
	dmsetup suspend "k$1"
	dmsetup load "k$1" "$work/table" || fail "k$1: cannot load its table"
	dmsetup resume "k$1"
}

# What all rows need is loaded before the first: a module that a tool loads on the way would
# otherwise differ between two snapshots.
make_host() {
	ip link set lo up
	modprobe -a xfs raid0 nfsd mq-deadline dm-flakey tcp_diag e1000e veth sch_fq_codel
	make_cards
	ss -Hltn >/dev/null
	# XFS writes to its log when it was idle for this long
	echo 720000 >/proc/sys/fs/xfs/xfssyncd_centisecs
	server_defaults
	make_drives
}

# A card with rings, and a pair with queues.
make_cards() {
	ip link add kin0 numtxqueues 4 numrxqueues 4 type veth peer name kin1 numtxqueues 4 numrxqueues 4
	for path in /sys/class/net/*/device/driver; do
		case $(readlink "$path") in */e1000e) path=${path%/device/driver} card=${path##*/} ;; esac
	done
}

# The block size is 0 until the first start chooses one, and is never 0 again.
server_defaults() {
	in_nfsd 'cd /proc/fs/nfsd && echo +3 +4 +4.1 +4.2 >versions && echo 262144 >max_block_size'
	echo global >"$pool_mode"
}

stop_server() {
	echo 0 >/proc/fs/nfsd/threads
	umount -q /proc/fs/nfsd
}

# The host before each row.
fresh() {
	mounts=$(awk -v top="$top/" 'index($5, top) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
	# shellcheck disable=SC2086 # a list of paths
	[ -z "$mounts" ] || umount $mounts || fail "$top: stays mounted"
	! grep -q ^md /proc/mdstat || mdadm -q --stop --scan || fail "an array does not stop"
	for digit in 0 1 2; do
		[ "$(content $digit)" = blank ] || drive_blank "$(drive_by_serial "K$digit")"
	done
	rm -rf --one-file-system "$top"
	mkdir -p "$top"
}

# --- what is observed -----------------------------------------------------------------------

# content DIGIT: what is on a drive. It is read only where the kernel has counted a write
# since: K0 is dm-0. Direct, because the page cache may have older data.
content() {
	read -r _ _ _ _ _ _ sectors _ _ _ _ _ _ discarded _ <"/sys/block/dm-$1/stat"
	counted=$((sectors + discarded)) known='' text=''
	[ ! -e "$work/content$1" ] || read -r known text <"$work/content$1"
	if [ "$known" != $counted ]; then
		text=$(blkid -p -o value -s TYPE -s LABEL -s UUID "$(drive_by_serial "K$1")" | xargs)
		[ "$text" ] || text=$(data_in "/dev/mapper/k$1")
		echo "$counted $text" >"$work/content$1"
	fi
	echo "$text"
}

# data_in DEVICE: blank, or how much is not zeros.
data_in() {
	rm -f "$work/data"
	dd if="$1" of="$work/data" ibs=1M obs=64k iflag=direct conv=sparse status=none
	case $(du -k "$work/data") in 0[!0-9]*) echo blank ;; *) du -k "$work/data" ;; esac
}

# Mounts without their numbers, names of modules, arrays, and what listens on port 2049.
observe_kernel() {
	awk '
		FILENAME ~ /mountinfo/ { sub(/^[0-9]+ [0-9]+ /, ""); sub(/ shared:[0-9]+/, "") }
		FILENAME ~ /modules/ { $0 = $1 }
		FILENAME ~ /tcp/ { if ($2 !~ /:0801$/ || $4 != "0A") next; $0 = "listens on " $2 }
		{ print }
	' /proc/self/mountinfo /proc/modules /proc/mdstat /proc/net/tcp /proc/net/tcp6
}

observe_files() {
	cd /sys || return
	grep -rs . /proc/sys/vm /proc/sys/net/core "$pool_mode" block/nvme*/queue/scheduler \
		block/nvme*/queue/read_ahead_kb block/nvme*/queue/nr_requests block/nvme*/queue/rq_affinity \
		block/nvme*/queue/nomerges block/nvme*/queue/max_sectors_kb block/nvme*/queue/wbt_lat_usec \
		kernel/mm/transparent_hugepage/enabled kernel/mm/transparent_hugepage/defrag \
		kernel/mm/hugepages/*/nr_hugepages kernel/mm/ksm/run kernel/mm/ksm/sleep_millisecs \
		kernel/mm/ksm/max_page_sharing class/net/*/mtu class/net/*/tx_queue_len \
		class/net/*/queues/*/*ps_*
}

# What sysfs does not have.
observe_cards() {
	ethtool -g "$card"
	ethtool -c "$card"
	ethtool -l kin0
	ethtool -k kin0
	tc qdisc show | sed 's/ [0-9a-f]*: / /; s/parent [0-9a-f]*:/parent :/'
}

observe_server() {
	in_nfsd 'cd /proc/fs/nfsd && exec grep -s . threads pool_threads versions max_block_size'
}

observe_store() {
	[ ! -S /run/api.sock ] || curl -s --unix-socket /run/api.sock http://localhost/settings | jq -S .
}

# All that a row may touch, as text.
snapshot() {
	sync
	observe_kernel
	(observe_files)
	observe_cards
	observe_server
	echo "K0 $(content 0)"
	echo "K1 $(content 1)"
	echo "K2 $(content 2)"
	find "$top" -printf '%p %y %m %U:%G %l\n' -type f -exec md5sum {} +
	lsattr -d "$top"/*/* 2>/dev/null | grep -e '-i-' || :
	observe_store
}

# What has been written so far: sectors of each drive, and requests to the API that change
# something. Linux 6.1 does not count on drives of an NVMe target: what is below them does.
written() {
	sync
	awk '{ print FILENAME, $7 + $14 }' /sys/block/nvme*/stat /sys/block/dm-*/stat
	[ ! -e "$work/requests" ] || grep -v ^GET "$work/requests"
}

# remember, unchanged NAME, unwritten NAME: nothing differs from what it was then.
remember() {
	snapshot >"$work/before"
	written >"$work/written"
}
unchanged() {
	snapshot >"$work/after"
	t_is "$what: $1" "" "$(diff "$work/before" "$work/after")"
}
unwritten() {
	written >"$work/now"
	t_is "$what: $1" "" "$(diff "$work/written" "$work/now")"
}

# --- the program ------------------------------------------------------------------------------

# run COMMAND...: hosttune; its report, and of that "KIND STATE REASON" of each resource.
# Not by jq, which takes most of a second here.
run() {
	status=0
	"$@" -o json >"$work/report" 2>"$t_out" || status=$?
	awk -F '"' '
		/^      "kind":/ { kind = $4 }
		/^      "state":/ { state = $4 }
		/^      "reason":/ { print kind, state, $4 }
	' "$work/report" >"$work/states"
}

# ended NAME STATUS: the exit status of the last run.
ended() {
	if [ "$status" = "$2" ]; then
		t_pass "$what: $1"
	else
		t_fail "$what: $1" "exit status $status, expected $2" "$(cat "$t_out" "$work/states")" \
			"$(grep '^      "message": "' "$work/report")"
	fi
}

# became NAME STATE-AND-REASON: all resources of the kind in the last report.
became() {
	t_is "$what: $1" "$2" "$(awk -v kind="$row_kind" \
		'$1 == kind { $1 = ""; print substr($0, 2) }' "$work/states" | sort -u)"
}

# only_states NAME STATE...: no resource of the last report is in another.
only_states() {
	name=$1
	shift
	t_ok "$what: $name: all is reported" test -s "$work/states"
	t_is "$what: $name" "" "$(grep -vE " ($(echo "$*" | tr ' ' '|'))( |\$)" "$work/states")"
}

profile() {
	echo "version: 1"
	"$@"
}

defined() {
	command -v "$1" >/dev/null
}

# --- the promises -----------------------------------------------------------------------------

audit_writes_nothing() {
	run trace_changes "$work/trace" "$hosttune" audit "$work/profile.yaml"
	case $fate in reads) ended "audit" 0 ;; *) ended "audit" 1 ;; esac
	t_is "$what: no system call of an audit writes" "" "$(changes_in "$work/trace")"
	unwritten "an audit writes to no drive and no API"
}

others_are_left_alone() {
	if defined "${row}_without"; then
		profile "${row}_without" >"$work/without.yaml"
	else
		profile echo 'sysctl: {}' >"$work/without.yaml"
	fi
	run "$hosttune" apply "$work/without.yaml"
	ended "a profile without its keys" 0
	unwritten "a profile without its keys writes to no drive and no API"
}

# The step of the kind itself: "refused" is before anything was started.
own_failure() {
	defined "${row}_broken" || return 0
	cp "$work/profile.yaml" "$work/broken.yaml"
	own_exit=3 half_done=
	"${row}_broken"
	run "$hosttune" apply "$work/broken.yaml"
	ended "its own step fails" "$own_exit"
	t_ok "$what: which is reported" grep -qE "^$row_kind (failed|refused) " "$work/states"
	! defined "${row}_repair" || "${row}_repair"
	[ "$half_done" ] || unchanged "its own step fails: all is as it was"
}

# The NFS server is the last kind that can be rolled back: it cannot listen.
later_failure() {
	case $fate in last) return 0 ;; esac
	cp "$work/profile.yaml" "$work/later.yaml"
	if defined "${row}_later"; then
		profile "${row}_later" >"$work/later.yaml"
	elif ! grep -q '^nfsd:' "$work/later.yaml"; then
		echo 'nfsd: {threads: 2, start: true, versions: [4.2]}' >>"$work/later.yaml"
	fi
	take_port 2049
	run "$hosttune" apply "$work/later.yaml"
	release_port
	ended "a later step fails" 3
	case $fate in
	reverts) became "it is rolled back" "drift Reverted" ;;
	stays) became "it stays, and is reported" "changed NotRolledBack" ;;
	reads) became "it is as it was" ok ;;
	esac
	[ "$fate" = stays ] || unchanged "a later step fails: all is as it was"
}

converges() {
	run "$hosttune" apply "$work/profile.yaml"
	ended "apply" 0
	only_states "nothing is left to do" ok skipped changed
	remember
	run "$hosttune" audit "$work/profile.yaml"
	ended "audit after it" 0
	only_states "everything is in sync" ok skipped
	run "$hosttune" apply "$work/profile.yaml"
	ended "second apply" 0
	only_states "a second apply has nothing to do" ok skipped
	unwritten "a second apply writes to no drive and no API"
	unchanged "a second apply changes nothing"
}

# row KIND ROW FATE: what becomes of the kind if a later step fails.
row() {
	row_kind=$1 row=$2 fate=$3
	what="$row_kind, $row"
	case $only in *" $row "* | '  ') ;; *) return 0 ;; esac
	begun=$(date +%s)
	fresh
	"${row}_setup"
	profile "${row}_profile" >"$work/profile.yaml"
	remember
	audit_writes_nothing
	others_are_left_alone
	unchanged "neither changes anything"
	own_failure
	later_failure
	converges
	! defined "${row}_clear" || "${row}_clear"
	covered="$covered $row_kind"
	echo "# $what: $(($(date +%s) - begun)) s"
}

# --- modules and sysctls ------------------------------------------------------------------------

module_setup() { modprobe -rq tcp_htcp || :; }
module_profile() { echo 'modules: [tcp_htcp]'; }
module_broken() {
	echo 'options brd rd_nr=many' >/etc/modprobe.d/kinds.conf
	profile echo 'modules: [brd]' >"$work/broken.yaml"
}
module_repair() { rm /etc/modprobe.d/kinds.conf; }

# vm.dirty_bytes sets vm.dirty_ratio to 0.
values_setup() { sysctl -qw vm.swappiness=60 vm.dirty_ratio=20 net.core.rmem_max=212992; }
values_profile() {
	echo 'sysctl: {vm.swappiness: 11, vm.dirty_bytes: 700000000, net.core.rmem_max: {min: 999999}}'
}
values_without() { echo 'sysctl: {vm.laptop_mode: 0}'; }
values_broken() { sed -i 's/}}/}, net.ipv4.tcp_fastopen_key: nonsense}/' "$work/broken.yaml"; }

# --- interfaces ---------------------------------------------------------------------------------

# interface SELECTION KEYS: an item.
interface() { echo "network: [{name: n, interfaces: {$1}, $2}]"; }

channels_setup() { ethtool -L kin0 rx 4 tx 4; }
channels_profile() { interface 'name: kin0' 'channels: {rx: 2, tx: 1}'; }
channels_without() { interface 'name: kin0' 'mtu: 1500'; }
channels_broken() { sed -i 's/tx: 1/tx: 5/' "$work/broken.yaml"; }

rings_setup() { ethtool -G "$card" rx 256 tx 256; }
rings_profile() { interface 'driver: e1000e' 'rings: {rx: max, tx: 512}'; }
rings_without() { interface 'driver: e1000e' 'mtu: 1500'; }
rings_broken() { sed -i 's/512/8192/' "$work/broken.yaml"; }

coalesce_setup() { ethtool -C "$card" rx-usecs 3; }
coalesce_profile() { interface 'driver: e1000e' 'coalesce: {rx-usecs: 50}'; }
coalesce_without() { interface 'driver: e1000e' 'mtu: 1500'; }
coalesce_broken() { sed -i 's/50/900000/' "$work/broken.yaml"; }

# The kernel takes the length, and then refuses the MTU.
link_setup() { ip link set "$card" mtu 1500 txqueuelen 1000; }
link_profile() { interface 'driver: e1000e' 'mtu: 1400, txqueuelen: 2000'; }
link_without() { interface 'name: lo' 'mtu: 65536'; }
link_broken() { sed -i 's/1400/65000/' "$work/broken.yaml"; }

# --- memory and files of /sys -------------------------------------------------------------------

# read_only FILE, writable_again FILE
read_only() {
	mount --bind "$1" "$1"
	mount -o remount,bind,ro "$1"
}
writable_again() { umount "$1"; }

thp_setup() {
	echo always >/sys/kernel/mm/transparent_hugepage/enabled
	echo madvise >/sys/kernel/mm/transparent_hugepage/defrag
}
thp_profile() { echo 'memory: {thp: madvise, thp-defrag: defer+madvise}'; }
thp_without() { echo 'memory: {hugepages: {2MiB: 0}}'; }
thp_broken() { read_only /sys/kernel/mm/transparent_hugepage/defrag; }
thp_repair() { writable_again /sys/kernel/mm/transparent_hugepage/defrag; }

# The kernel finds memory for fewer.
hugepages_setup() { echo 0 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages; }
hugepages_profile() { echo 'memory: {hugepages: {2MiB: 2}}'; }
hugepages_without() { echo 'memory: {thp-shmem: never}'; }
hugepages_broken() { sed -i 's/: 2}/: 1000000}/' "$work/broken.yaml"; }
hugepages_clear() { hugepages_setup; }

ksm_setup() { echo 1 >/sys/kernel/mm/ksm/run; }
ksm_profile() { echo 'memory: {ksm: false}'; }
ksm_without() { echo 'memory: {thp-shmem: never}'; }
ksm_broken() { read_only /sys/kernel/mm/ksm/run; }
ksm_repair() { writable_again /sys/kernel/mm/ksm/run; }

# The kernel takes the first, and refuses the second.
sysfs_setup() { echo 20 >/sys/kernel/mm/ksm/sleep_millisecs; }
sysfs_profile() { echo 'sysfs: {"/sys/kernel/mm/ksm/sleep_*": 40}'; }
sysfs_without() { echo 'sysfs: {}'; }
sysfs_broken() { sed -i 's|: 40}|: 40, /sys/kernel/mm/ksm/max_page_sharing: 1}|' "$work/broken.yaml"; }

# --- drives ---------------------------------------------------------------------------------------

# item SERIALS [LINE...]: a storage item.
item() {
	echo "storage:"
	echo "  - name: data"
	echo "    disks: {serial: [$1]}"
	echo "    label: ours"
	shift
	for line; do echo "    $line"; done
}

format() {
	mkfs.xfs -q -f -L ours "$@" "$one"
}

mounted() {
	format
	mkdir -p "$top/data"
	mount "$@" "$one" "$top/data"
}

# An array with a file system in it cannot be rolled back: the later step is mkfs.
array_setup() { mkdir "$top/data"; }
array_profile() { item 'K1, K2' 'array: raid0' "mount: $top/data"; }
array_later() { item 'K1, K2' 'array: raid0' "mount: $top/data" 'mkfs: {agcount: 1000000}'; }
array_broken() { writable 2 0; }
array_repair() { writable 2 "$half"; }

stopped_array_setup() {
	mkdir "$top/data"
	mdadm -q --create /dev/md/ours --homehost=any --level=0 --chunk=256 --metadata=1.2 \
		--name=ours --raid-devices=2 "$(drive_by_serial K1)" "$(drive_by_serial K2)"
	mkfs.xfs -q -L ours /dev/md/ours 2>/dev/null
	mdadm -q --stop /dev/md/ours
}
stopped_array_profile() { array_profile; }

filesystem_setup() { :; }
filesystem_profile() { item K0; }
filesystem_broken() {
	writable 0 "$half"
	half_done=1
}
filesystem_repair() { writable 0 "$size"; }

# The mount point exists: one that hosttune makes stays, empty (tests/vm/storage.sh).
mount_setup() {
	format -l su=256k
	mkdir "$top/data"
}
mount_profile() { item K0 "mount: $top/data" 'options: [noatime, nodiratime]'; }
mount_without() { item K0; }
mount_broken() { sed -i 's/nodiratime/logbsize=16k/' "$work/broken.yaml"; }

flags_setup() { mounted -o nosuid; }
flags_profile() { mount_profile; }
flags_without() { item K0 "mount: $top/data"; }

directory_setup() {
	mounted -o noatime
	chown 5:6 "$top/data"
	chmod 700 "$top/data"
}
directory_profile() { item K0 "mount: $top/data" 'owner: 1000:2000' 'mode: "2775"'; }
directory_without() { item K0 "mount: $top/data"; }
directory_broken() { mount -o remount,ro "$top/data"; }
directory_repair() { mount -o remount,rw "$top/data"; }

# The place for the second exists, and is no directory.
# The mount point is on a file system that has the flag: the root of the VM is an overlay.
guard_disk() {
	mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$(drive_by_serial K1)"
	mkdir "$top/disk"
	mount -o noatime "$(drive_by_serial K1)" "$top/disk"
	mkdir "$top/disk/data"
}
guard_setup() {
	guard_disk
	format
}
guard_profile() { item K0 "mount: $top/disk/data" 'guard: true'; }
guard_without() { item K0; }
guard_broken() {
	mount -o remount,ro "$top/disk"
}
guard_repair() { mount -o remount,rw "$top/disk"; }

unguard_setup() {
	guard_setup
	chattr +i "$top/disk/data"
}
unguard_profile() { item K0 "mount: $top/disk/data" 'guard: false'; }
unguard_without() { guard_without; }
unguard_broken() { guard_broken; }
unguard_repair() { guard_repair; }

bind_setup() {
	mounted -o noatime
	mkdir "$top/full" "$top/second"
	echo text >"$top/full/file"
	echo text >"$top/second/file"
}
bind_profile() { item K0 "mount: $top/data" "bind: [$top/full, $top/second]" 'move: true'; }
bind_without() { item K0 "mount: $top/data"; }
bind_broken() { : >"$top/data/.$(echo "$top/second" | tr / _)"; }
bind_repair() { rm "$top/data/.$(echo "$top/second" | tr / _)"; }

queue_setup() {
	format
	for path in /sys/block/nvme*c*n*; do
		echo none >"$path/queue/scheduler"
	done
}
queue_profile() {
	item K0 'queue: {scheduler: mq-deadline, read-ahead: 4MiB, nr-requests: 64, rq-affinity: 2, nomerges: 1}'
}
queue_without() { item K0; }
queue_broken() { sed -i 's/nr-requests: 64/nr-requests: 60000/' "$work/broken.yaml"; }
queue_clear() { queue_setup; }

drive_setup() { format; }
drive_profile() { item K0; }
drive_broken() {
	own_exit=5
	profile item AWS00000000000000003 >"$work/broken.yaml"
	sed -i 's/disks: {/disks: {model: QEMU NVMe Ctrl, /' "$work/broken.yaml"
}
drive_repair() { t_is "$what: it is not formatted" "0 blank" "$(sectors_written "$ill") $(data_in "$ill")"; }

# --- the NFS server -------------------------------------------------------------------------------

# A server that has a socket and no threads takes nothing but a new pool mode.
setup_setup() { server_defaults; }
setup_profile() {
	echo 'nfsd: {threads: 2, start: true, versions: [4.2], pool-mode: percpu, max-block-size: 64KiB}'
}
setup_without() { echo 'nfsd: {threads: 3}'; }
setup_broken() {
	mount -t nfsd nfsd /proc/fs/nfsd
	echo -2 -3 >/proc/fs/nfsd/versions
	echo tcp 20490 >/proc/fs/nfsd/portlist
}
setup_repair() {
	stop_server
	server_defaults
}
setup_clear() { setup_repair; }

start_setup() { server_defaults; }
start_profile() { echo 'nfsd: {threads: 2, start: true, versions: [4.1, 4.2]}'; }
start_without() { echo 'nfsd: {threads: 3}'; }
start_broken() { take_port 2049; }
start_repair() { release_port; }
start_clear() { setup_repair; }

# The kernel makes some of the threads, and then has no room for more.
pin_setup() {
	mount -t nfsd nfsd /proc/fs/nfsd
	echo -2 -3 >/proc/fs/nfsd/versions
	echo 3 >/proc/fs/nfsd/threads
}
pin_profile() { echo 'nfsd: {threads: 5}'; }
pin_broken() {
	threads_max=$(cat /proc/sys/kernel/threads-max)
	# the fourth word of loadavg counts the current state
	echo $(($(awk '{ sub(".*/", "", $4); print $4 }' /proc/loadavg) + 60)) >/proc/sys/kernel/threads-max
	sed -i 's/5}/300}/' "$work/broken.yaml"
}
pin_clear() { stop_server; }
pin_repair() { echo "$threads_max" >/proc/sys/kernel/threads-max; }

# --- the Bottlerocket API ---------------------------------------------------------------------------

features_setup() { ethtool -K kin0 gro on tso on; }
features_profile() { interface 'name: kin0' 'features: {gro: false, tso: false}'; }
features_without() { interface 'name: kin0' 'mtu: 1500'; }
features_broken() { sed -i 's/gro: false/lro: true/' "$work/broken.yaml"; }

qdisc_setup() {
	ip link set kin0 up
	tc qdisc replace dev kin0 root pfifo
}
qdisc_profile() { interface 'name: kin0' 'qdisc: fq_codel'; }
qdisc_without() { interface 'name: kin0' 'mtu: 1500'; }
qdisc_broken() {
	echo 'install sch_sfq /bin/true' >/etc/modprobe.d/kinds.conf
	sed -i 's/fq_codel/sfq/' "$work/broken.yaml"
}
qdisc_repair() { rm /etc/modprobe.d/kinds.conf; }

steer() { echo "$3" >"/sys/class/net/$1/queues/$2"; }
rps_setup() { steer "$card" rx-0/rps_cpus 0; }
rps_profile() { interface 'driver: e1000e' 'rps: "0"'; }
rps_without() { interface 'name: lo' 'mtu: 65536'; }
rps_broken() { sed -i 's/"0"/"4000"/' "$work/broken.yaml"; }

xps_setup() { for i in 0 1 2 3; do steer kin0 tx-"$i"/xps_cpus 0; done; }
xps_profile() { interface 'name: kin0' 'xps: auto'; }
xps_without() { interface 'name: kin0' 'mtu: 1500'; }
xps_broken() { sed -i "s/kin0/$card/" "$work/broken.yaml"; }

rfs_setup() {
	sysctl -qw net.core.rps_sock_flow_entries=32768
	steer "$card" rx-0/rps_flow_cnt 0
}
rfs_profile() { interface 'driver: e1000e' 'rfs: 4096'; }
rfs_without() { interface 'name: lo' 'mtu: 65536'; }
rfs_broken() { sed -i 's/4096/1073741824/' "$work/broken.yaml"; }

api() {
	"$B/api-stub" --daemonize --pid-file "$work/pid" --log "$work/requests" --settings "$work/settings" \
		"$@" /run/api.sock || fail "api-stub does not start"
}
stop_api() {
	kill "$(cat "$work/pid")"
	while [ -e "$work/pid" ]; do sleep 0.1; done
}

setting_setup() {
	echo '{"motd": "before", "kernel": {"lockdown": "none"}}' >"$work/settings"
	: >"$work/requests"
	api
}
setting_profile() { echo 'settings: {motd: after, ntp: {time-servers: [a, b]}}'; }
setting_broken() {
	stop_api
	api --fault 'POST /tx=status:500:no space left'
	own_exit=4
}
setting_repair() {
	stop_api
	api
}
setting_clear() {
	stop_api
	rm -f /run/api.sock "$work/requests"
}

# --- the table ----------------------------------------------------------------------------------------

# row KIND ROW FATE: if a later step fails, the kind reverts or stays; or it only reads; or
# it is the last of the plan.
make_host
row module module stays
row sysctl values reverts
row channels channels reverts
row rings rings reverts
row coalesce coalesce reverts
row features features reverts
row link link reverts
row qdisc qdisc reverts
row rps rps reverts
row xps xps reverts
row rfs rfs reverts
row thp thp reverts
row hugepages hugepages reverts
row ksm ksm reverts
row sysfs sysfs reverts
row array array reverts
row array stopped_array reverts
row filesystem filesystem stays
row mount mount reverts
row mount flags reverts
row directory directory reverts
row guard guard reverts
row guard unguard reverts
row bind bind reverts
row queue queue reverts
row drive-health drive reads
row nfsd-setup setup reverts
row nfsd start last
row nfsd pin last
row setting setting last

# The names of all kinds in the list, of their definitions.
names() {
	awk '
		/^\tK\([a-z_]*\)/ { sub(/^\tK\(/, ""); sub(/\).*/, ""); listed["kind_" $0]; next }
		/^const struct kind kind_/ { symbol = $4 }
		/^}/ { symbol = "" }
		symbol in listed && match($0, /\.name = "[^"]*"/) { print substr($0, RSTART + 9, RLENGTH - 10) }
	' lib/resource/kinds.h lib/*/kind_*.c lib/*/*/kind_*.c | sort
}
if [ "$only" = '  ' ]; then
	t_is "each kind is found" "$(grep -c '^	K(' lib/resource/kinds.h)" "$(names | wc -l)"
	t_is "each kind has a row" "$(names)" \
		"$(echo "$covered" | tr ' ' '\n' | sed '/^$/d' | sort -u)"
fi
t_done
