#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Test the test VM from the outside: tests/vm/run does what its usage says,
# drives survive a reboot, and tests/vm/selftest.sh passes on both kernels.
#
# usage: tests/vm/selftest-host.sh
# Exit status: 77 if the VM cannot run here, 1 if a test failed.
cd "$(dirname "$0")/../.." || exit
run=tests/vm/run
passed=0 failed=0

# is NAME EXPECTED ACTUAL: passes if the two texts are equal.
is() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		printf '%s\n' "expected: $2" "actual:   $3" | sed 's/^/# /'
	fi
}

# status COMMAND [ARG...]: print the exit status of a quiet COMMAND.
status() {
	"$@" >/dev/null 2>&1 && echo 0 || echo $?
}

$run --probe || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# shellcheck disable=SC2016 # for the guest's shell
export HOSTTUNE_TEST='it'\''s a "$variable"
of two lines'
# shellcheck disable=SC2016 # for the guest's shell
said=$($run -o "$work/out" -- sh -c '
	printf "%s|" "$@" "$HOSTTUNE_TEST" "$PWD" "$(id -u)"
	echo error >&2
	echo result >/out/file
	exit 42' sh 'a  b' '$HOME `x` \n' "'\"" '' '*')
is "the exit status is the command's" 42 $?
is "arguments, variables, stdout and stderr" \
	"a  b|\$HOME \`x\` \\n|'\"||*|$HOSTTUNE_TEST|$PWD|0|error" "$said"
is "results come out through /out" result "$(cat "$work/out/file")"
is "the time limit" 124 "$(status $run -t 10 -- sleep 100)"
is "a guest that ends by itself" 125 "$(status $run -- sh -c 'echo b >/proc/sysrq-trigger; sleep 60')"
is "an unknown kernel line" 125 "$(status $run -k 9.9 -- true)"
$run -- sleep 100 &
sleep 3
pid=$!
kill $pid
wait $pid
is "a terminated run" 143 $?
is "a terminated run leaves no files" '' "$(ls -d "${B:-build}"/vm/run.$pid.* 2>/dev/null)"

for kernel in 6.1 6.12; do
	drives=$work/$kernel
	is "$kernel: a file is written to a drive" 0 "$(status $run -k $kernel -d 1 -D "$drives" -- sh -c '
		mkfs.xfs -q /dev/nvme0n1 && mount /dev/nvme0n1 /mnt && echo kept >/mnt/file && sync && umount /mnt')"
	is "$kernel: it is still there after a reboot" kept "$($run -k $kernel -d 1 -D "$drives" -- sh -c '
		mount /dev/nvme0n1 /mnt && cat /mnt/file')"
	is "$kernel: power can be cut in the middle of a write" 0 "$(status $run -k $kernel -d 1 -D "$drives" -- sh -c '
		. tests/vm/guest.sh && mount /dev/nvme0n1 /mnt && echo lost >/mnt/other && power_cut')"

	$run -k $kernel -d 3 -- tests/vm/selftest.sh >"$work/tap"
	sed "/^1\.\.[0-9]*\$/d; /^[0-9]* passed/d; s/^\(not \)\{0,1\}ok [0-9]* - /\1ok - $kernel: /" "$work/tap"
	# shellcheck disable=SC2046 # three numbers
	set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$work/tap") 0
	is "$kernel: the selftest ends with its summary" 4 $#
	passed=$((passed + $1)) failed=$((failed + ${2-0}))
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
