#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run the tests with the program that counts its coverage, and print what of lib/ they reach.
#
# usage: tests/coverage/run.sh [-v] [PART...]
#
# A part is suites (those of this machine that start the program or a room), vm (guest scripts
# on one kernel), one script of the list below, or table, which runs nothing. Without a part: suites
# and vm, but not what has run since the program was built. Each leaves its counts in $B/counts; the
# table adds them up. -v: by file.
#
# A test may fail here that passes elsewhere: the program writes its counts when it ends, which
# tests/vm/kinds.sh sees as writes of an audit, and takes longer than a time limit allows.
#
# CI_VM=must: it is an error if the VM cannot run. KERNEL=6.1: another kernel line than 6.12.
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build/coverage}" "${KERNEL:=6.12}"
export B HOSTTUNE_B="$B"
counts=$B/counts log=$B/log

# name; options of tests/vm/run; words of the script
scripts() {
	sed 's/^\t*//' <<-'END'
		apply; -d 4 -s 320M -t 900; tests/vm/apply.sh
		kinds; -n -d 3 -w 3:8 -s 320M -t 900; tests/vm/kinds.sh
		storage; -d 4 -s 320M -t 900; tests/vm/storage.sh
		array; -d 4 -s 320M -t 900; tests/vm/array.sh
		disks; -m 3G -t 1800; tests/vm/disks.sh
		bind; -d 3 -w 2:8 -w 3:2 -s 320M -t 900; tests/vm/bind.sh
		guard; -d 3 -s 320M -t 600; tests/vm/guard.sh
		nfsd; -t 900; tests/vm/nfsd.sh
		pools; -c 2 -t 900; tests/vm/nfsd.sh pools
		network; -n -c 2 -t 900; tests/vm/network.sh
		queues; -n -c 2 -t 900; tests/vm/queues.sh
		sysfs; -t 900; tests/vm/sysfs.sh
		sysctl-sets; -t 600; tests/vm/sysctl-sets.sh
		persist; -t 600; tests/vm/persist.sh
		trial; -d 1 -s 320M -t 600; tests/vm/trial.sh
		userdata; -d 1 -s 320M -t 600; tests/vm/userdata.sh
		watch; -d 1 -s 320M -t 900; tests/vm/watch.sh
		diagnose-pods; -d 2 -s 320M -t 600; tests/vm/diagnose-pods.sh
		diagnose-nfs; -d 1 -s 320M -t 600; tests/vm/diagnose-nfs.sh
		diagnose-counters; -c 2 -d 1 -s 320M -b 4M -t 600; tests/vm/diagnose-counters.sh
		diagnose-log; -d 1 -s 320M -t 600; tests/vm/diagnose-log.sh
		revert; -d 2 -s 320M -t 3600; tests/vm/revert.sh
		signals; -d 3 -s 320M -t 900; tests/vm/signals.sh
		probe; -d 2 -s 1G -t 600; tests/vm/baseline.sh probe
		capture; -d 1 -s 320M -t 1800; tests/vm/capture.sh
		bundle; -d 3 -s 320M -t 900; tests/vm/bundle.sh
	END
}

# Whether the part has run with this program.
has_run() { [ -e "$counts/$1.tar" ]; }

forget() { find "$B" -name '*.gcda' -delete; }

run_suites() {
	forget
	tests/run.sh unit cases diagnose import cli formats schema userdata api completion hostile || :
	find "$B" -name '*.gcda' >"$B/counts.list"
	tar -cf "$counts/suites.tar" -T "$B/counts.list"
	forget
}

# The guest writes its counts over the checkout, in memory; guest.sh gives them back.
run_script() {
	forget
	scripts | while IFS=';' read -r name options words; do
		[ "$name" = "$1" ] || continue
		# shellcheck disable=SC2086 # lists of words
		B=${B%/*} tests/vm/run -k "$KERNEL" -o "$counts" $options -- \
			tests/coverage/guest.sh "$name" $words >"$log/vm-$name" 2>&1 </dev/null || :
		printf '%-18s %s\n' "$name" "$(grep '^[0-9]* passed' "$log/vm-$name" || echo "no result: $log/vm-$name")"
	done
}

run_vm() {
	if why=$(B=${B%/*} tests/vm/fetch-kernels "$KERNEL" 2>&1 && B=${B%/*} tests/vm/run --probe -k "$KERNEL" 2>&1); then
		for script in $(scripts | sed 's/;.*//'); do has_run "$script" || run_script "$script"; done
	else
		echo "without the VM: $why"
		[ "${CI_VM:-}" != must ] || exit 1
	fi
}

# Add up the counts of all parts where the objects are.
add_up() {
	forget
	rm -rf "$B/sum" "$B/both"
	for part in "$counts"/*.tar; do
		rm -rf "$B/part"
		mkdir "$B/part"
		tar -xf "$part" -C "$B/part"
		if [ -d "$B/sum" ]; then
			gcov-tool merge -o "$B/both" "$B/sum" "$B/part" 2>"$log/merge"
			rm -rf "$B/sum"
			mv "$B/both" "$B/sum"
		else
			mv "$B/part" "$B/sum"
		fi
	done
	cp -R "$B/sum/." .
	rm -rf "$B/part" "$B/sum"
}

option=
[ "${1:-}" != -v ] || { option=-v && shift; }
mkdir -p "$counts" "$log"
find "$counts" -name '*.tar' ! -newer "$B/hosttune" -delete
if [ $# -eq 0 ]; then
	set -- vm
	has_run suites || set -- suites vm
fi
for part; do
	case $part in
	suites | vm) "run_$part" ;;
	table) ;;
	*) run_script "$part" ;;
	esac
done
add_up
tests/coverage/table.sh $option | tee "$B/coverage"
forget
