#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Which capabilities an apply, its tools, the process that waits for --try, and a watch
# have on a real kernel, while they act; and that less than wanted is enough for what needs
# less.
#
# usage: tests/vm/run -d 1 -s 320M -- tests/vm/capabilities.sh
# shellcheck disable=SC2317 # functions that t_ok calls
. tests/vm/guest.sh

hosttune=$HOSTTUNE_B/hosttune
work=$(mktemp -d /run/work.XXXXXX)
modprobe xfs
drive=$(drive_by_serial AWS00000000000000001)
drive_blank "$drive"
setpriv --list-caps >"$work/names"

# set_of [CAPABILITY...]: the set of them, as /proc/PID/status prints it.
set_of() {
	awk 'BEGIN { for (i = 1; i < ARGC - 1; i++) wanted[ARGV[i]] = 1
			for (i = 1; i < ARGC - 1; i++) ARGV[i] = "" }
		$1 in wanted { bit = NR - 1; digit[int(bit / 4)] += 2 ^ (bit % 4) }
		END { for (i = 15; i >= 0; i--) printf "%x", digit[i]; print "" }' "$@" "$work/names"
}

# status PID NAME: the set of that name of a process.
status() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

# t_sets NAME PID SET: permitted and effective are this; inheritable and ambient are empty.
t_sets() {
	t_is "$1" "$3 $3 $(set_of) $(set_of)" \
		"$(status "$2" CapPrm) $(status "$2" CapEff) $(status "$2" CapInh) $(status "$2" CapAmb)"
}

# Always: to read files of other users, and the kernel log.
read='dac_override dac_read_search syslog'
t_is "the sets are those of the kernel" 0000000400000006 "$(set_of dac_override dac_read_search syslog)"

cat >"$work/sysctl.yaml" <<-END
	version: 1
	persist: false
	sysctl: {vm.swappiness: 17}
END
cat >"$work/net.yaml" <<-END
	version: 1
	persist: false
	sysctl: {vm.swappiness: 18, net.core.somaxconn: 5000}
END
cat >"$work/storage.yaml" <<-END
	version: 1
	persist: false
	sysctl: {net.core.somaxconn: 5001}
	storage:
	  - {name: data, disks: {model: QEMU NVMe Ctrl}, label: ours, mount: /mnt/data}
END

# --- an apply, held in mkfs.xfs ---------------------------------------------------------

held_in_mkfs() {
	cat >"$work/mkfs" <<-'END'
		#!/bin/sh
		[ "$1" != -V ] || exec /run/mkfs.real "$@"
		echo $$ >/run/mkfs.pid
		while [ ! -e /run/mkfs.go ]; do sleep 0.1; done
		exec /run/mkfs.real "$@"
	END
	chmod 755 "$work/mkfs"
	real=$(readlink -f "$(command -v mkfs.xfs)")
	cp "$real" /run/mkfs.real
	mount --bind "$work/mkfs" "$real"
	"$hosttune" apply --no-api "$work/storage.yaml" >"$work/out" 2>&1 &
	pid=$!
	until_ok test -s /run/mkfs.pid || fail "mkfs does not start: $(cat "$work/out")"
	mkfs=$(cat /run/mkfs.pid)
	# shellcheck disable=SC2086 # words
	wanted=$(set_of $read sys_admin sys_chroot net_admin)
	t_sets "apply of storage and network: only what they need" "$pid" "$wanted"
	t_is "and no program that it runs can get more" "$wanted" "$(status "$pid" CapBnd)"
	# shellcheck disable=SC2086
	t_sets "mkfs.xfs: CAP_SYS_ADMIN" "$mkfs" "$(set_of $read sys_admin)"
	t_is "mkfs.xfs: bounds" "$wanted" "$(status "$mkfs" CapBnd)"
	touch /run/mkfs.go
	ended=0
	wait "$pid" || ended=$?
	t_is "with these, the apply succeeds" 0 "$ended"
	t_is "the drive is formatted" ours "$(blkid -p -o value -s LABEL "$drive")"
	t_ok "and mounted" mountpoint -q /mnt/data
	umount "$real"
	umount /mnt/data
}
held_in_mkfs

# --- audits, and applies of sysctls -----------------------------------------------------

# last_set COMMAND...: what the process itself permitted last, by strace.
last_set() {
	strace -e trace=capset -o "$work/trace" "$@" >"$work/out" 2>&1
	sed -n 's/.*permitted=\(.*\), inheritable=0}.*/\1/p' "$work/trace" | tail -n 1
}

to_read='1<<CAP_DAC_OVERRIDE|1<<CAP_DAC_READ_SEARCH|1<<CAP_SYSLOG'
t_is "audit of sysctls: only to read" "$to_read" "$(last_set "$hosttune" audit --no-api "$work/net.yaml")"
t_is "dry run of sysctls: only to read" "$to_read" "$(last_set "$hosttune" apply -n --no-api "$work/net.yaml")"
t_is "apply of a sysctl of root: only to read" "$to_read" "$(last_set "$hosttune" apply --no-api "$work/sysctl.yaml")"
t_is "it is set" 17 "$(cat /proc/sys/vm/swappiness)"
t_is "revert of it: only to read" "$to_read" "$(last_set "$hosttune" revert)"
t_is "it is restored" 60 "$(cat /proc/sys/vm/swappiness)"

# --- the process that waits for --try ---------------------------------------------------

waiting_for_try() {
	"$hosttune" apply --no-api --try 3600 "$work/net.yaml" >"$work/out" 2>&1
	guard=$(pgrep -xf "$hosttune apply --no-api --try 3600 $work/net.yaml")
	# shellcheck disable=SC2086
	t_sets "--try: what a revert may need" "$guard" "$(set_of $read sys_admin sys_ptrace net_admin net_bind_service \
		sys_resource sys_rawio sys_module sys_chroot setpcap mac_admin checkpoint_restore)"
	t_is "--try: bounds" "$(status "$guard" CapPrm)" "$(status "$guard" CapBnd)"
	"$hosttune" confirm >>"$work/out" 2>&1
	t_run "$hosttune" revert
	t_is "and it is reverted" "60 4096" "$(cat /proc/sys/vm/swappiness /proc/sys/net/core/somaxconn | xargs)"
}
# the apply that was held changed it, too
echo 4096 >/proc/sys/net/core/somaxconn
waiting_for_try

# --- the watch --------------------------------------------------------------------------

watching() {
	echo 60 >/proc/sys/vm/swappiness
	strace -f -e trace=capset -o "$work/trace" "$hosttune" watch --no-api --audit-interval 1 "$work/sysctl.yaml" \
		>"$work/out" 2>&1 &
	tracer=$!
	until_ok grep -qx 17 /proc/sys/vm/swappiness
	t_is "the watch fixes drift" 17 "$(cat /proc/sys/vm/swappiness)"
	watch=$(pgrep -xf "$hosttune watch --no-api --audit-interval 1 $work/sysctl.yaml" | head -n 1)
	permitted=$((0x$(status "$watch" CapPrm)))
	# shellcheck disable=SC2046
	t_is "watch: nothing that no kind needs" 0 \
		$((permitted & 0x$(set_of sys_boot sys_time sys_nice net_raw setuid setgid kill audit_control audit_write bpf)))
	t_is "watch: bounds" "$(status "$watch" CapPrm)" "$(status "$watch" CapBnd)"
	kill "$watch"
	wait "$tracer"
	fixing=$(awk -v watch="$watch" '$1 != watch && /capset/' "$work/trace" | grep -cF "permitted=$to_read, inheritable=0")
	t_ok "the process that fixes the sysctl has only to read" test "$fixing" -ge 1
}
watching

# --- with less than wanted --------------------------------------------------------------

# with CAPABILITIES COMMAND...: run it as root with no others, as setpriv names them.
with() {
	_bounds=-all$1
	shift
	setpriv --bounding-set "$_bounds" --inh-caps -all "$@"
}

echo 60 >/proc/sys/vm/swappiness
t_run with '' "$hosttune" apply --no-api "$work/sysctl.yaml"
t_status "without any capability: apply of a sysctl of root" 0
t_is "and it is set" 17 "$(cat /proc/sys/vm/swappiness)"
t_run with '' "$hosttune" audit --no-api "$work/net.yaml"
t_status "without any capability: audit" 1
t_run with ',+sys_admin,+sys_chroot,+net_admin' "$hosttune" apply --no-api "$work/storage.yaml"
t_status "with what storage needs, without CAP_SETPCAP" 0
t_ok "it is mounted" mountpoint -q /mnt/data
t_done
