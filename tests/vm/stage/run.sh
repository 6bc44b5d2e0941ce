#!/bin/sh
# shellcheck disable=SC2317 # the functions are called by the files of groups
# SPDX-License-Identifier: Apache-2.0 OR MIT
# In the guest: run all scenarios of a group, and record the kernel log of each in /out.
#
# usage: tests/vm/stage/run.sh KERNEL-LINE GROUP [SCENARIO...]
#
# tests/vm/stage/GROUP.sh defines, for each scenario, the function stage_SCENARIO and, with
# what SCENARIO TEXT EXPECTED, how the fault is made. A log without what is expected is not
# kept.
. tests/vm/guest.sh

line=$1 group=$2
shift 2
scenarios='' only=$*
max=60000 # bytes of a log, without the first records
module=$HOSTTUNE_B/vm/$line/stage.ko

# what SCENARIO TEXT EXPECTED: name a scenario; EXPECTED is a basic regular expression that
# its log must contain.
what() {
	scenarios="$scenarios $1"
	eval "what_$1=\$2 expected_$1=\$3"
}

# fault PARAMETER VALUE: load the test module afresh, and set the parameter; "load" only
# loads it.
fault() {
	rmmod stage 2>/dev/null
	insmod "$module" || fail "$module: cannot load"
	[ "$1" = load ] || echo "$2" >"/sys/module/stage/parameters/$1" || fail "$1 \"$2\": refused: see dmesg"
}

# serve DIR THREADS [OPTIONS [PATH]]: export it by NFS, and mount it, or PATH below it, at
# /mnt/client.
serve() {
	modprobe -a nfsd nfs nfsv3
	mountpoint -q /proc/fs/nfsd || mount -t nfsd nfsd /proc/fs/nfsd
	mkdir -p /run/rpc_pipefs /mnt/client
	mountpoint -q /var/lib/nfs || mount -t tmpfs var /var/lib/nfs
	mkdir -p /var/lib/nfs/sm /var/lib/nfs/sm.bak /var/lib/nfs/v4recovery
	touch /var/lib/nfs/etab /var/lib/nfs/rmtab
	pgrep -x rpcbind || rpcbind
	echo "$1 *(rw,no_root_squash,no_subtree_check,insecure,fsid=0)" >/etc/exports
	exportfs -a
	pgrep -x rpc.mountd || rpc.mountd
	rpc.nfsd "$2"
	mount.nfs -o "${3:-vers=3,nolock},proto=tcp" "127.0.0.1:${4:-$1}" /mnt/client || fail "NFS: cannot mount"
}

unserve() {
	umount -f -l /mnt/client
	rpc.nfsd 0
	exportfs -ua
	sleep 1
}

# Each read returns one record; the end is EAGAIN.
log() {
	dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null
}

# record NAME FIRST: write the first records of the boot, and those from number FIRST on.
record() {
	log | awk -F '[,;]' -v first="$2" -v max=$max '
		/^[0-9]/ { keep = $2 < 8 || $2 >= first; after = $2 >= first }
		after { size += length + 1 }
		keep && size <= max' >"/out/$1"
}

# try SCENARIO: run it in a subshell, so that variables and traps are its own.
try() {
	name=$(echo "$1" | tr _ -)-$line
	first=$(log | awk -F '[,;]' '/^[0-9]/ { n = $2 } END { print n + 1 }')
	start=$(date +%s)
	echo "$first" >/run/vm/first
	("stage_$1") >/run/vm/out 2>&1
	sleep 1
	rm -rf "/out/$name".*
	record "$name.$suffix" "$(cat /run/vm/first)"
	how='' expected=''
	eval "how=\$what_$1 expected=\$expected_$1"
	echo "Linux $(uname -r) in QEMU, tests/vm/stage/$group.sh, $1: $how" >"/out/$name.origin"
	if grep -q "$expected" "/out/$name.$suffix"; then
		t_pass "$name ($(($(date +%s) - start)) s, $(wc -c <"/out/$name.$suffix") bytes)"
	else
		t_fail "$name: not in its log: $expected" "$(cat /run/vm/out)" "$(tail -n 20 "/out/$name.$suffix")"
		rm "/out/$name".*
	fi
}

suffix=kmsg
# shellcheck disable=SC1090 # one of several
. "tests/vm/stage/$group.sh"
for scenario in ${only:-$scenarios}; do
	case "$scenarios " in
	*" $scenario "*) try "$scenario" ;;
	*) t_fail "$scenario: no such scenario in tests/vm/stage/$group.sh" ;;
	esac
done
t_done
