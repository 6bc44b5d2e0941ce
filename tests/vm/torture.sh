#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Cut the power at random moments of an apply, boot again, apply again: the node must
# converge, and a drive with foreign data must not have changed.
#
# usage: tests/vm/torture.sh [-k 6.1|6.12] [-n CUTS] [-s FIRST-SEED] [-w DIR]
#
# Each printed seed decides scenario and moment. DIR (default build/torture/KERNEL) stores
# which seeds have passed. They are not run again, so an interrupted campaign continues.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
export HOSTTUNE_B="${HOSTTUNE_B:-$B}"

kernel=6.1 cuts=60 seed=1 work=''
while getopts k:n:s:w: option; do
	case $option in
	k) kernel=$OPTARG ;;
	n) cuts=$OPTARG ;;
	s) seed=$OPTARG ;;
	w) work=$OPTARG ;;
	*) sed -n 's/^# usage: /usage: /p' "$0" >&2 && exit 2 ;;
	esac
done
work=${work:-$B/torture/$kernel}
mkdir -p "$work"
work=$(realpath "$work")
passed=0 failed=0

SCENARIOS='single array each data'

# Make the drives for a run; drive 3 always has foreign data.
prepare() {
	rm -rf "$dir"
	mkdir -p "$dir/out"
	truncate -s 320M "$dir/nvme1.img" "$dir/nvme2.img" "$dir/nvme3.img"
	mkfs.ext4 -q -L theirs "$dir/nvme3.img"
	[ "$scenario" != data ] || mkfs.xfs -q -L ours -p "$work/data.proto" "$dir/nvme1.img"
	sha256sum "$dir/nvme3.img" >"$dir/theirs"
}

boot() {
	tests/vm/run -k "$kernel" -D "$dir" -o "$dir/out" -d 3 -s 320M -- tests/vm/cut.sh "$scenario" "$1"
}

# Print how long an apply of the scenario takes here, in ms: the range for the moment.
duration() {
	if ! [ -s "$work/$scenario.ms" ]; then
		prepare
		boot begin >"$dir/log" 2>&1 &
		wait_for begun
		start=$(date +%s%N)
		wait_for ended
		echo $((($(date +%s%N) - start) / 1000000)) >"$work/$scenario.ms"
		wait
		[ "$(cat "$dir/out/ended")" = 0 ] || {
			cat "$dir/out/first" "$dir/log" >&2
			exit 1
		}
	fi
	cat "$work/$scenario.ms"
}

# Wait until the file $1 is in /out, or the machine has ended.
wait_for() {
	while ! [ -e "$dir/out/$1" ] && kill -0 $! 2>/dev/null; do sleep 0.02; done
}

# Print the moment of the seed, in seconds; $1 is the range in ms.
moment() {
	awk -v seed="$seed" -v ms="$1" 'BEGIN { srand(seed); rand(); printf "%.3f", rand() * ms / 1000 }'
}

# Cut the power at the moment `at`. If the apply has already ended, it was quicker than
# measured: try again with half the time.
cut() {
	while
		prepare
		boot begin >"$dir/log" 2>&1 &
		wait_for begun
		sleep "$at"
		pkill -KILL -f "file=$dir/nvme1.img" || :
		wait || :
		[ -e "$dir/out/ended" ]
	do
		at=$(awk -v at="$at" 'BEGIN { printf "%.3f", at / 2 }')
	done
}

converges() {
	boot check >"$dir/log" 2>&1 && sha256sum --status -c "$dir/theirs"
}

: >"$work/kept" && echo kept >"$work/kept"
printf '/\n0 0\nd--755 0 0\nfile ---644 0 0 %s\n$\n' "$work/kept" >"$work/data.proto"
last=$((seed + cuts - 1))
while [ "$seed" -le "$last" ]; do
	# shellcheck disable=SC2086 # a list of words
	set -- $SCENARIOS
	shift $((seed % $#))
	scenario=$1 dir=$work/drives
	name="kernel $kernel, seed $seed: $scenario"
	if [ -e "$work/passed.$seed" ]; then
		passed=$((passed + 1))
		echo "ok - $name (passed before)"
	else
		at=$(moment "$(duration)")
		cut
		if converges; then
			: >"$work/passed.$seed"
			passed=$((passed + 1))
			echo "ok - $name, cut after $at s"
		else
			failed=$((failed + 1))
			echo "not ok - $name, cut after $at s"
			sed 's/^/# /' "$dir/log"
			rm -rf "$work/failed.$seed"
			mv "$dir" "$work/failed.$seed"
		fi
	fi
	seed=$((seed + 1))
done
rm -rf "$work/drives"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
