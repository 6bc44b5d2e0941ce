#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run all VM tests on one kernel: print the output of each, and one summary line.
#
# usage: tests/vm/check.sh 6.1|6.12|5.10|7.x [drives|host]      (default: both parts)
#
# On 5.10 and 7.x: only the main job and what differs most between kernels.
#
# If the VM cannot run, the tests are skipped with the reason; in CI (CI_VM=must) they fail.
set -u
cd "$(dirname "$0")/../.." || exit 1
kernel=$1
export B="${B:-build}"
. tests/cpu.sh
program=$B
[ ! -x "$B/guest/hosttune" ] || program=$B/guest # make guest
export HOSTTUNE_B="$program"

# lacking WHAT WHY: print a skip, or a failure if all tests must run.
lacking() {
	if [ "${CI_VM:-}" = must ]; then
		printf 'not ok - %s: %s\n' "$1" "$2"
		echo "0 passed, 1 failed, 0 skipped"
		return 1
	fi
	printf 'ok - %s # SKIP %s\n' "$1" "$2"
	echo "0 passed, 0 failed, 1 skipped"
}

if ! why=$(tests/vm/fetch-kernels 6.1 6.12 "$kernel" 2>&1 && tests/vm/run --probe -k "$kernel" 2>&1); then
	lacking "VM with kernel $kernel" "$why"
	exit
fi

drives=$(mktemp -d)
log=$(mktemp)
trap 'rm -rf --one-file-system "$drives" "$log"' EXIT

# A guest script that does not reach its summary has failed. Print the time, to balance the
# two kernels.
guest() {
	start=$(date +%s) words="$*"
	cpu_mark "$log.cpu"
	tests/vm/run -k "$kernel" "$@" >"$log" 2>&1
	status=$?
	cpu_since "$log.cpu"
	cat "$log"
	echo "# ${words##*/}: $(($(date +%s) - start)) s, $cpu s of CPU"
	if [ $status -ne 0 ] && ! grep -q '^[0-9]* passed' "$log"; then
		echo "not ok - $* (exit status $status)"
		echo "0 passed, 1 failed, 0 skipped"
	fi
}

# guest_with WHAT FETCH ARG...: what FETCH brings. A mirror may lack it, or be unreachable.
guest_with() {
	what=$1 fetch=$2
	shift 2
	if why=$("$fetch" 2>&1); then
		guest "$@"
	else
		lacking "$what" "$(echo "$why" | tail -n 1)"
	fi
}

# ordinary COMMAND...: run it with the program of make, not with the static one, which starts
# faster in the emulation.
ordinary() {
	HOSTTUNE_B=$B
	"$@"
	HOSTTUNE_B=$program
}

# The image of make image, run by containerd. make check-full builds it before.
image() {
	if [ -e "$B/image/digest" ]; then
		ordinary guest -d 5 -s 320M -t 1800 -- tests/vm/container.sh image
	else
		echo "ok - the image in the VM # SKIP not built (make image; make check-full does)"
		echo "0 passed, 0 failed, 1 skipped"
	fi
}

# pins COMMAND...: with fewer changes of the nfsd threads where each takes over a second: on 5.10,
# and on 6.1 but for make check-full.
pins() {
	case $kernel${HOSTTUNE_FULL:+ full} in
	5.10* | 6.1) export HOSTTUNE_PINS=40 ;;
	esac
	"$@"
	unset HOSTTUNE_PINS
}

case $kernel in
5.10 | 7.x)
	guest -d 4 -s 320M -t 1800 -- tests/vm/apply.sh
	guest -d 3 -s 320M -t 1800 -- tests/vm/container.sh
	image
	guest -m 3G -t 1800 -- tests/vm/disks.sh
	pins guest -t 1800 -- tests/vm/nfsd.sh
	guest -n -c 2 -t 1800 -- tests/vm/network.sh
	guest -d 1 -s 320M -t 1800 -- tests/vm/capture.sh
	exit
	;;
esac

# The module that stages faults needs the headers of exactly this kernel, which a mirror has
# only as long as it has the kernel.
HOSTTUNE_MODULE=''
if why=$(tests/vm/fetch-headers "$kernel" 2>&1); then
	HOSTTUNE_MODULE=$B/vm/$kernel/stage.ko
else
	echo "# no test module: $why"
fi
export HOSTTUNE_MODULE

# on KERNEL|full COMMAND...: run the command on this kernel only, or only with
# make check-full, which runs all commands on both kernels. For scripts that depend little
# on the kernel or take long.
on() {
	[ "$1" = "$kernel" ] || [ "${HOSTTUNE_FULL:-}" ] || return 0
	shift
	"$@"
}

# --- what is done to drives, and the whole job ---------------------------------------------

part_drives() {
	on full guest -d 3 -- tests/vm/selftest.sh
	# long, and the kernel matters little to them
	if [ "$kernel" = 6.12 ]; then
		on full ordinary guest_with "a newer valgrind" tests/vm/fetch-valgrind \
			-d 2 -s 320M -t 1800 -- tests/vm/valgrind.sh
		on full guest -d 3 -s 320M -t 1800 -- tests/vm/faults.sh
	fi
	ordinary guest -d 4 -s 320M -t 600 -- tests/vm/apply.sh
	on 6.1 guest -n -d 3 -w 3:8 -s 320M -t 900 -- tests/vm/kinds.sh
	on 6.12 guest -d 3 -s 320M -t 900 -- tests/vm/signals.sh
	guest -d 4 -s 320M -t 600 -- tests/vm/storage.sh
	on 6.1 guest_with "a newer mkfs.xfs" tests/vm/fetch-mkfs -d 6 -s 320M -t 600 -- tests/vm/mkfs.sh
	on 6.12 guest -d 4 -s 320M -t 900 -- tests/vm/array.sh
	on 6.1 guest -d 8 -s 320M -t 900 -- tests/vm/counts.sh
	on 6.1 guest -m 3G -t 1800 -- tests/vm/disks.sh
	on 6.1 guest -d 3 -w 2:8 -w 3:2 -s 320M -t 900 -- tests/vm/bind.sh
	on full guest -d 2 -s 320M -t 900 -- tests/vm/ephemeral.sh
	guest -d 3 -s 320M -t 600 -- tests/vm/guard.sh
	guest -d 3 -s 320M -t 900 -- tests/vm/container.sh
	image
	guest -D "$drives" -d 1 -s 320M -- tests/vm/reboot.sh first
	guest -D "$drives" -d 1 -s 320M -- tests/vm/reboot.sh second
	on 6.12 guest -D "$drives/array" -d 5 -s 320M -t 600 -- tests/vm/array-reboot.sh first
	on 6.12 guest -D "$drives/array" -d 5 -s 320M -t 600 -- tests/vm/array-reboot.sh second
	on 6.12 guest -k 6.1 -D "$drives/baseline" -d 2 -s 1G -- tests/vm/baseline.sh save
	on 6.12 guest -k 6.1 -D "$drives/baseline" -d 2 -s 1G -- tests/vm/baseline.sh same
	on 6.12 guest -D "$drives/baseline" -d 2 -s 1G -- tests/vm/baseline.sh changed
	guest -d 2 -s 1G -- tests/vm/baseline.sh probe
	on 6.12 guest -d 3 -s 320M -t 600 -- tests/vm/killed.sh single 1 22 13
	on 6.1 tests/vm/torture.sh -k "$kernel" -n 2 -w "$drives/torture"
}

# --- what is done to the rest of a host, and read of it -------------------------------------

part_host() {
	on 6.1 guest -- tests/vm/settle.sh
	on 6.1 guest -t 600 -- tests/vm/persist.sh
	on 6.12 guest -n -c 2 -t 600 -- tests/vm/network.sh
	on 6.1 guest -n -c 2 -t 600 -- tests/vm/queues.sh
	on 6.12 guest -t 600 -- tests/vm/sysfs.sh
	on 6.1 guest -n -c 2 -t 300 -- tests/vm/network-container.sh
	pins guest -t 900 -- tests/vm/nfsd.sh
	guest -c 2 -- tests/vm/nfsd.sh pools
	on 6.1 guest -d 1 -s 320M -t 600 -- tests/vm/profiles.sh
	guest -d 1 -s 320M -t 600 -- tests/vm/power.sh
	guest -d 1 -s 320M -t 600 -- tests/vm/capabilities.sh
	guest -t 600 -- tests/vm/sysctl-sweep.sh
	guest -t 600 -- tests/vm/sysctl-sets.sh
	on full guest -t 600 -- tests/vm/conditions.sh
	on full guest -d 1 -s 320M -t 1800 -- tests/vm/capture.sh
	on 6.12 guest -d 3 -s 320M -t 900 -- tests/vm/bundle.sh
	on 6.1 guest -d 1 -s 320M -t 600 -- tests/vm/userdata.sh
	on 6.1 guest -d 2 -s 320M -- tests/vm/diagnose-pods.sh
	on 6.12 guest -d 1 -s 320M -t 600 -- tests/vm/diagnose-nfs.sh
	on 6.12 guest -c 2 -d 1 -s 320M -b 4M -t 600 -- tests/vm/diagnose-counters.sh
	on 6.12 guest -t 900 -- tests/vm/history.sh new
	on full guest -t 900 -- tests/vm/history.sh old
	guest -d 1 -s 320M -t 900 -- tests/vm/watch.sh
	guest -d 1 -s 320M -t 300 -- tests/vm/diagnose-log.sh
	on 6.12 guest -d 2 -s 320M -t 900 -- tests/vm/revert.sh
	on 6.1 guest -d 1 -s 320M -t 600 -- tests/vm/trial.sh
}

for part in ${2:-drives host}; do
	"part_$part"
done
