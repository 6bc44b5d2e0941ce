# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Functions of experiments, which run in the test VM: tests/lab/run.
#
# The guest's clock counts its own instructions, and a guest that waits jumps to what it waits
# for. So this machine's speed, and what else runs on it, change no figure. What a measured
# program reads must be in the guest's memory: see lab_commands.
#
# Devices:  slow_disk
# Memory:   dirty_limits, fill_memory, read_memory, end_memory
# Network:  two_hosts, server, client
# Results:  sample, record, measure, series, paired, background, end_background, lab_done
# shellcheck disable=SC2034 # variables for experiments
. tests/vm/guest.sh

[ -z "${HOSTTUNE_TRACE-}" ] || set -x
lab=/run/lab
seeds=${HOSTTUNE_SEEDS:-1}
seed=${seeds%% *}
pairs=${HOSTTUNE_PAIRS:-4}
hosttune=$HOSTTUNE_B/hosttune
results=$lab/results

# lab_commands: what measures, and busybox, from memory.
lab_commands() {
	mkdir -p $lab/bin $lab/out
	mount -t tmpfs lab $lab/bin
	cp "$HOSTTUNE_B/lab-tool" "$(command -v busybox)" $lab/bin/
	for _name in sleep awk sed seq sync rm mkdir cat cut tail sort mkfifo true date sh kill umount dd grep cp ls; do
		ln -s busybox "$lab/bin/$_name"
	done
	PATH=$lab/bin:$PATH
	rm -f $results.*
}

# ---- devices ----

disks=0

# slow_disk MIB MIB-PER-SECOND MICROSECONDS
# Make a disk in memory that writes and reads so much in a second, and takes so long for each
# request. Set $disk to its device.
slow_disk() {
	[ -d /sys/module/null_blk ] || modprobe null_blk nr_devices=0
	mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
	disk=/dev/nullb$disks
	_config=/sys/kernel/config/nullb/nullb$disks
	disks=$((disks + 1))
	mkdir "$_config"
	for _set in "size $1" "mbps $2" "completion_nsec $(($3 * 1000))" "irqmode 2" "memory_backed 1" \
		"blocksize 4096" "hw_queue_depth 128" "power 1"; do
		echo "${_set#* }" >"$_config/${_set% *}" || fail "null_blk: cannot set $_set"
	done
	until_ok test -b "$disk" || fail "$disk: does not appear"
	# null_blk admits what fits into 20 ms; a request that never does waits for ever
	echo 64 >"/sys/block/${disk#/dev/}/queue/max_sectors_kb" || fail "$disk: cannot set the size of requests"
}

# ---- memory ----

# dirty_limits ratio|bytes|early|low-latency
# The limits of dirty pages of the kernel; 300 and 600 MiB for a 64th of the memory; the first of these with the
# kernel's second one; those of low-latency.
dirty_limits() {
	case $1 in
	ratio) set -- vm.dirty_ratio=20 vm.dirty_background_ratio=10 ;;
	bytes) set -- vm.dirty_bytes=$((629145600 / 64)) vm.dirty_background_bytes=$((314572800 / 64)) ;;
	early) set -- vm.dirty_ratio=20 vm.dirty_background_bytes=$((314572800 / 64)) ;;
	low-latency) set -- vm.dirty_ratio=10 vm.dirty_background_ratio=3 ;;
	esac
	sysctl -qw "$@" || fail "$*: cannot be set"
}

# fill_memory MIB: a program that fills so much; read_memory: it reads all of it, and prints how
# long that took; end_memory: it ends.
fill_memory() {
	[ -p $lab/ask ] || mkfifo $lab/ask
	: >$lab/out/memory
	lab-tool memory "$1" <$lab/ask >>$lab/out/memory &
	_program=$!
	exec 3>$lab/ask
	read_memory >/dev/null
}
read_memory() {
	: >$lab/out/memory
	echo >&3
	until_ok grep -q memory $lab/out/memory || fail "memory: not filled"
	cat $lab/out/memory
}
end_memory() {
	exec 3>&-
	wait "$_program" || fail "memory: failed"
}

# ---- network ----

# two_hosts MTU: the namespaces server (10.7.0.1) and client (10.7.0.2), joined by a cable.
two_hosts() {
	ip netns add server
	ip netns add client
	ip link add cable netns server mtu "${1:-1500}" type veth peer name cable netns client mtu "${1:-1500}"
	for _side in server:10.7.0.1 client:10.7.0.2; do
		ip -n "${_side%:*}" addr add "${_side#*:}/24" dev cable
		ip -n "${_side%:*}" link set lo up
		ip -n "${_side%:*}" link set cable up
	done
}

# server COMMAND, client COMMAND: run it in that network namespace.
server() {
	nsenter --net=/run/netns/server "$@"
}
client() {
	nsenter --net=/run/netns/client "$@"
}

# ---- results ----

# sample ARM METRIC VALUE: of the current comparison and pair.
sample() {
	echo "sample $comparison $pair $1 $2 $3" >>"$results.$seed"
}

# record ARM: of the results of lab-tool on stdin, "METRIC VALUE" a line.
record() {
	while read -r _metric _value; do
		sample "$1" "$_metric" "$_value"
	done
}

# measure ARM COMMAND...: run lab-tool, and record its results.
measure() {
	_arm=$1
	shift
	"$@" >$lab/out/measured || fail "$*: failed"
	record "$_arm" <$lab/out/measured
}

# series ARM: of "TIME VALUE" a line on stdin, for a plot; of the first pair only.
series() {
	[ "$pair" != 1 ] || sed "s/^/series $comparison $1 /" >>"$results.$seed"
}

# paired COMPARISON BEFORE AFTER COMMAND...
# Run COMMAND BEFORE, COMMAND AFTER, and again, $pairs times for each seed. It calls sample or
# record.
paired() {
	comparison=$1
	_before=$2
	_after=$3
	shift 3
	for seed in $seeds; do
		for pair in $(seq "$pairs"); do
			for arm in "$_before" "$_after"; do
				"$@" "$arm" || fail "$comparison, $arm: failed in pair $pair of seed $seed"
			done
		done
	done
}

# background NAME COMMAND...: run it; end_background NAME ends it and prints its results.
background() {
	_name=$1
	shift
	"$@" >"$lab/out/$_name" &
	echo $! >"$lab/out/$_name.pid"
}
end_background() {
	_pid=$(cat "$lab/out/$1.pid")
	kill -TERM "$_pid"
	wait "$_pid" || fail "$1: failed"
	cat "$lab/out/$1"
}

# stalled: microseconds that programs waited for I/O, of PSI.
stalled() {
	sed -n 's/^some.*total=//p' /proc/pressure/io
}

# lab_done: print the results of each seed after a line "seed N", and "seed end", once nothing is
# measured any more.
lab_done() {
	for seed in $seeds; do
		echo "seed $seed"
		cat "$results.$seed"
	done
	echo "seed end"
}
