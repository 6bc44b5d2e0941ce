#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The part of hosttune that parses, on a real kernel: what it cannot do there, that apply has
# it, and that it works with the rights of a bootstrap container.
#
# usage: tests/vm/run -d 1 -s 320M -- tests/vm/power.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
work=$(mktemp -d /run/work.XXXXXX)
rootfs=/run/rootfs

cat >"$work/profile.yaml" <<-END
	version: 1
	sysctl: {vm.swappiness: 17}
	storage:
	  - {name: data, disks: {model: QEMU NVMe Ctrl}, required: false}
END

CMOCKA_MESSAGE_OUTPUT=TAP "$B/unit/confine/test_confine" >"$work/unit" 2>&1
t_is "it tries to write, mount, connect, run: each refused" 0 "$(grep -c '^not ok' "$work/unit")"
t_ok "and all was tried" test "$(grep -c '^ok' "$work/unit")" -gt 100

# Children of an apply with a filter: for the profile, and for the drive.
strace -f -o "$work/trace" -e trace=prctl,capset,openat,ioctl "$B/hosttune" apply --no-api "$work/profile.yaml" >"$work/out" 2>&1
filters=$(grep -c 'PR_SET_SECCOMP, SECCOMP_MODE_FILTER.* = 0$' "$work/trace")
t_ok "apply parses profile and drive apart" test "$filters" -ge 2
t_is "sysctl is set" 17 "$(cat /proc/sys/vm/swappiness)"
# what a filter refuses here is no need of the parsers
t_is "the parsers miss nothing" "" \
	"$(awk '/PR_SET_SECCOMP/ { apart[$1] = 1; next } apart[$1] && /EPERM/' "$work/trace" | sort -u)"

# state NAME: of the process that waits for its profile.
state() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"; }

bottlerocket_host
cp -r "$B/rootfs" $rootfs
container=/local/bootstrap-containers/hosttune
mkdir -p $container
mkfifo $container/pipe
pipe=/.bottlerocket/bootstrap-containers/current/pipe
bootstrap_container hosttune $rootfs /usr/bin/hosttune validate $pipe >"$work/out" 2>&1 &
exec 8>$container/pipe
pid=$(pgrep -xf "/usr/bin/hosttune validate $pipe")
t_is "bootstrap container: two filters, containerd's and its own" 2 "$(state Seccomp_filters)"
# CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYSLOG
t_is "bootstrap container: no capability but to read" 0 "$((0x$(state CapEff) & ~0x400000006))"
cat "$work/profile.yaml" >&8
exec 8>&-
wait
t_ok "bootstrap container: valid" grep -q 'valid: [0-9]* resource' "$work/out"

cp "$work/profile.yaml" $container/user-data
echo 60 >/proc/sys/vm/swappiness
t_run bootstrap_container hosttune $rootfs /usr/bin/hosttune --no-api apply
t_is "bootstrap container: apply works" 17 "$(cat /proc/sys/vm/swappiness)"
t_done
