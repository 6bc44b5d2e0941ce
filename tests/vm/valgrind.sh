#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The main job under valgrind on a real kernel: reads of memory that was never written, wrong
# addresses, and memory that is lost, also in the libraries.
#
# usage: tests/vm/fetch-valgrind && tests/vm/run -k 6.12 -d 2 -s 320M -t 1800 -- tests/vm/valgrind.sh
#
# Children that run no other program are followed, since they ask for the state of nfsd, look for
# modules and read signatures; but what they have not released when they end is no leak. mkfs.xfs and
# modprobe are not followed: they are not hosttune's. The program is build/valgrind, which has no
# filters and parses in its own process, because valgrind cannot run behind a filter.
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
newer=$(realpath "$(B=$B tests/vm/fetch-valgrind)") || fail "no valgrind: run tests/vm/fetch-valgrind"
work=$(mktemp -d /run/work.XXXXXX)
runs=0

# memcheck PROGRAM [ARG...]: set $status. An error changes the status of its process, and the log
# shows it.
memcheck() {
	runs=$((runs + 1)) status=0
	start=$(date +%s)
	/usr/bin/env "VALGRIND_LIB=$newer/usr/libexec/valgrind" "$newer/usr/bin/valgrind.bin" -q \
		--error-exitcode=99 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=none \
		--log-file="$work/log.$runs.%p" "$@" >"$t_out" 2>&1 &
	main=$!
	wait $main || status=$?
	echo "# $1 $2: $(($(date +%s) - start)) s, $(find "$work" -name "log.$runs.*" | wc -l) processes"
}

# checked NAME EXPECTED COMMAND [ARG...]: run hosttune; passes if it ends so and valgrind finds
# nothing.
checked() {
	name=$1 expected=$2
	shift 2
	memcheck "$B/valgrind/hosttune" "$@"
	t_status "$name" "$expected"
	t_is "$name: valgrind finds nothing" "" "$(findings)"
}

# Print what valgrind found in the last run: errors of all processes, leaks of the first one.
# What valgrind itself lacks is none.
findings() {
	awk -v main="$work/log.$runs.$main" '
		/WARNING: unhandled|write your own handler|README_MISSING|Nevertheless we|bugs.html|bug_reports/ { next }
		/lost in loss record/ { skip = FILENAME != main }
		!skip { print }
		/^==[0-9]+== *$/ { skip = 0 }' "$work/log.$runs".*
}

# The control: what is lost, and a child that uses what it never set.
control() {
	cat >"$work/control.c" <<-END
		#include <stdlib.h>
		#include <sys/wait.h>
		#include <unistd.h>
		int main(void)
		{
			int *never = malloc(sizeof(*never));
			if (fork() == 0)
				_exit(*never ? 1 : 2);
			wait(NULL);
			never = NULL;
			return 0;
		}
	END
	cc -O0 -o "$work/control" "$work/control.c" || fail "no compiler"
	memcheck "$work/control" control
	t_ok "a leak is found" test "$(findings | grep 'definitely lost')"
	t_ok "an error of a child is found" test "$(findings | grep 'uninitialised value')"
}

prepare() {
	bottlerocket_host
	ip link set lo up
	"$B/api-stub" --daemonize --pid-file "$work/pid" --save "$work/settings.json" /run/api.sock ||
		fail "api-stub does not start"
	store=$(instance_store_drive AWS1111 "$(drive_by_serial AWS00000000000000001)")
	ebs_backing=$(drive_by_serial AWS00000000000000002)
	mkfs.ext4 -q "$ebs_backing"
	ebs_drive vol2222 "$ebs_backing" >/dev/null
	cat >"$work/main.yaml" <<-END
		version: 1
		modules: [tcp_bbr]
		sysctl:
		  vm.swappiness: 10
		  net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]
		  net.ipv4.tcp_congestion_control: bbr
		  vm.min_free_kbytes: = clamp(memory / 100, 32MiB, 64MiB) / 1KiB
		storage:
		  - name: data
		    label: ephemeral
		    mount: /mnt/data
		    options: [noatime, nodiratime]
		    queue: {scheduler: none, read-ahead: 4MiB}
		nfsd: {threads: 3, start: true, versions: [4.1, 4.2]}
		settings: {motd: "x"}
		persist: true
	END
}

main_job() {
	profile=$work/main.yaml
	checked "an audit of a fresh node" 1 audit "$profile"
	checked "apply" 0 apply "$profile"
	t_is "the drive is mounted" "$store" "$(findmnt -no SOURCE /mnt/data)"
	t_is "nfsd has its threads" 3 "$(in_nfsd 'cat /proc/fs/nfsd/threads')"
	t_is "the settings are stored" x "$(jq -r .motd "$work/settings.json")"
	checked "the audit is clean" 0 audit -v "$profile"
	sysctl -qw vm.swappiness=60
	in_nfsd 'echo 2 >/proc/fs/nfsd/threads'
	checked "apply after a drift" 0 apply -o json "$profile"
	checked "revert" 0 revert
	t_is "it is as before the last apply" "60 2" "$(sysctl -n vm.swappiness) $(in_nfsd 'cat /proc/fs/nfsd/threads')"
}

control
prepare
main_job
t_done
