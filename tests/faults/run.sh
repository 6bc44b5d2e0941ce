#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Fail each read of an apply, from its first time or from a later one on, on drives of which
# none may be written to: by EIO, ENODEV, ETIMEDOUT, and by reading only half. Reads of the
# drives themselves also end early (eof) or say that nothing is there (ENOENT). No fault may
# lead to a write.
#
# usage: tests/faults/run.sh [full]
#
# Without "full": each from its first time on, only EIO and "short", and only calls that read
# drives, sysfs and the tables of mounts and swap; of those of a drive's content, which are
# many and alike, one in 29. ENOENT only for the reads of libblkid, which returns it as -2, its
# number for "several signatures", and of texts, which are there once they were opened. Drives
# are sparse files below a captured root, so nothing but hosttune itself protects them: no
# O_EXCL, no mkfs.xfs that looks at a block device. They are small, so that a run is short: the
# start of mkfs.xfs counts as a write.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
hosttune=${HOSTTUNE:-$B/hosttune} fail_at=$B/fail-at
full=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
passed=0 failed=0 tried=0 written=0
PATH=$PATH:/usr/sbin:/sbin

# put FILE TEXT: write a file below the root.
put() {
	mkdir -p "$root${1%/*}"
	printf '%s\n' "$2" >"$root$1"
}

# drive NAME MINOR: a blank drive with the serial S-NAME.
drive() {
	put "/sys/block/$1/device/model" "Amazon EC2 NVMe Instance Storage"
	put "/sys/block/$1/device/serial" "S-$1"
	put "/sys/block/$1/wwid" "eui.$2"
	put "/sys/block/$1/nsid" 1
	put "/sys/block/$1/dev" "259:$2"
	put "/sys/block/$1/size" 16384
	put "/sys/block/$1/ro" 0
	put "/sys/block/$1/hidden" 0
	mkdir -p "$root/sys/block/$1/holders" "$root/dev"
	: >"$root/dev/$1"
	truncate -s 8M "$root/dev/$1"
}

# fresh [MOUNT...]: an empty root; lines of mountinfo.
fresh() {
	rm -rf "$root"
	put /proc/1/mountinfo "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw"
	put /proc/self/mountinfo "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw"
	for line; do
		echo "$line" >>"$root/proc/1/mountinfo"
		echo "$line" >>"$root/proc/self/mountinfo"
	done
	put /proc/swaps "Filename Type Size Used Priority"
	put /proc/sys/kernel/osrelease 6.12.0-test
	mkdir -p "$root/run" "$root/mnt"
}

# profile LINE...: the item of storage.
profile() {
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		for line; do echo "    $line"; done
	} >"$work/profile.yaml"
}

# What a write changes.
state() {
	(cd "$root" && find dev mnt sys -printf '%p %T@ %s %b\n')
}

# apply NUMBER FAULT: one run.
apply() {
	"$fail_at" "$1" "$2" "$work/list" "$hosttune" apply --root "$root" --no-api \
		--allow-wipe S-nvme9n1 "$work/profile.yaml" >"$work/out" 2>&1
}

# one SCENARIO NUMBER CALL NTH FAULT: fail the call with that number, the NTH of its name.
one() {
	before=$(state)
	apply "$4" "$5:$3"
	status=$?
	tried=$((tried + 1))
	if [ "$(state)" != "$before" ] || grep -qE 'mkfs\.xfs|mdadm' "$work/out"; then
		written=$((written + 1)) scenario_bad=1
		echo "# $1: $5 at call $2 ($(sed -n "$2p" "$work/calls")) led to a write:"
		sed 's/^/#   /' "$work/out"
		"$1"
	elif [ $status -ge 125 ]; then
		scenario_bad=1
		echo "# $1: $5 at call $2 ($(sed -n "$2p" "$work/calls")): status $status"
	fi
}

# The calls to fail: all of them, but few of the many reads of a drive's content.
numbers() {
	awk -v all="$full" -v dev="$root/dev/" '
	{ nth = ++named[$1] }
	!all && seen[$0]++ { next }
	{ device = index($0, dev) }
	/^pread64 / && device { n[$2]++; if (n[$2] > 24 && n[$2] % 29) next }
	!all && !device && !/sys\/block|mountinfo|swaps/ { next }
	{ print NR, $1, nth, device ? ($1 == "read" ? "signature" : "device") : $1 == "read" ? "text" : "other",
		($1 ~ /^p?read/ && $1 !~ /link/) ? "length" : "" }' \
		"$work/calls"
}

# scenario NAME STATUS: make the root with the function NAME; without a fault, apply ends
# with STATUS and writes nothing.
scenario() {
	scenario_bad=0 before_tried=$tried
	"$1"
	start=$(state)
	apply 0 EIO
	status=$?
	cp "$work/list" "$work/calls"
	if [ $status != "$2" ] || [ "$(state)" != "$start" ]; then
		echo "not ok - $1: without a fault: status $status, expected $2"
		sed 's/^/# /' "$work/out"
		failed=$((failed + 1))
		return
	fi
	numbers >"$work/numbers"
	while read -r number name nth what length; do
		faults=EIO
		[ -z "$full" ] || faults="EIO ENODEV ETIMEDOUT"
		[ -z "$length" ] || faults="$faults short"
		case $full$what in
		*other) ;;
		*text) faults="$faults ENOENT" ;;
		full*) faults="$faults ENOENT${length:+ eof}" ;;
		signature) faults="$faults ENOENT" ;;
		esac
		for fault in $faults; do
			one "$1" "$number" "$name" "$nth" "$fault"
		done
	done <"$work/numbers"
	if [ $scenario_bad = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $1: $((tried - before_tried)) reads failed, no write followed"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
	fi
}

format() {
	put "/sys/block/$1/size" 655360
	truncate -s 320M "$root/dev/$1"
	mkfs.xfs -q -L "$2" "$root/dev/$1"
}

# --- scenarios ----------------------------------------------------------------------------

# A drive with our label and data, and a blank one: the label must be found.
labelled() {
	fresh
	drive nvme0n1 1
	drive nvme1n1 2
	format nvme1n1 data
	profile 'disks: {count: 1}'
}

# A foreign drive, and the permission to wipe another one.
foreign() {
	fresh
	drive nvme0n1 1
	format nvme0n1 other
	profile 'wipe: {serial: [S-nvme9n1, S-nvme0n1]}'
}

# Data without a signature, in the first and in the last bytes.
garbage() {
	fresh
	drive nvme0n1 1
	drive nvme1n1 2
	printf x | dd of="$root/dev/nvme0n1" bs=1 seek=5000 conv=notrunc status=none
	printf x | dd of="$root/dev/nvme1n1" bs=1 seek=8388607 conv=notrunc status=none
	profile 'disks: {count: 1}'
}

# Blank on disk; only sysfs and the tables say that they are in use.
in_use() {
	fresh "20 1 259:3 / /mnt/x rw - xfs /dev/nvme3n1 rw"
	drive nvme0n1 1
	put /sys/block/nvme0n1/nvme0n1p1/partition 1
	drive nvme1n1 2
	put /sys/block/nvme1n1/holders/dm-0/dev 253:0
	put /sys/block/dm-0/dev 253:0
	drive nvme3n1 3
	drive nvme4n1 4
	put /proc/swaps "Filename
/dev/nvme4n1 partition 1 0 -2"
	drive nvme5n1 5
	put /sys/block/nvme5n1/ro 1
	profile 'disks: {count: 1}'
}

# A drive with partitions that may be wiped, but holds the root file system.
the_root() {
	fresh
	drive nvme9n1 1
	put /sys/block/nvme9n1/nvme9n1p1/partition 1
	put /sys/block/nvme9n1/nvme9n1p1/dev 8:1
	put /sys/block/nvme9n1/nvme9n1p1/uevent PARTN=1
	profile 'disks: {serial: S-nvme9n1}' 'wipe: {serial: S-nvme9n1}'
}

# An array of three, one with data: none of the others may become a member.
members() {
	fresh
	drive nvme0n1 1
	drive nvme1n1 2
	drive nvme2n1 3
	format nvme1n1 other
	profile 'array: raid0'
}

# The control: a write is seen.
blank() {
	fresh
	drive nvme0n1 1
	put /sys/block/nvme0n1/size 655360
	truncate -s 320M "$root/dev/nvme0n1"
	profile 'disks: {count: 1}'
}

if ! command -v mkfs.xfs >/dev/null; then
	echo "ok - faults # SKIP mkfs.xfs is not installed"
	echo "0 passed, 0 failed, 1 skipped"
	exit
fi
blank
start=$(state)
apply 0 EIO
if [ "$(state)" != "$start" ]; then
	passed=$((passed + 1))
	echo "ok - without a fault, a blank drive is formatted"
else
	failed=$((failed + 1))
	echo "not ok - without a fault, a blank drive is formatted"
	sed 's/^/# /' "$work/out"
fi
scenario labelled 0
scenario foreign 5
scenario garbage 5
scenario in_use 5
scenario the_root 5
scenario members 5
echo "reads tried: $tried, writes that followed: $written"
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
