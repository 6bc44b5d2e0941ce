#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check that help and manual page name the commands and options that hosttune has, that
# help fits a terminal, and when output has color.
set -u
B=${B:-build}
H=$B/hosttune
page=packaging/hosttune.8
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-cli-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work" "$work-case"' EXIT

. tests/tap.sh

commands=$("$H" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\).*/\1/p')
for command in $commands; do
	"$H" "$command" --help | tee "$work/help-$command"
done >"$work/help"
options=$(sed -n 's/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' "$work/help" | sort -u)

# The page escapes hyphens, and names a command at the start of a paragraph.
page_has_command() { grep -Eq "^\.BR? $1( |\$)" "$page"; }
page_options() { sed 's/\\-/-/g' "$page" | grep -o -e '--[a-z][a-z-]*' | sort -u; }
page_has_option() { page_options | grep -qx -e "$1"; }
is_option() { echo "$options" | grep -qx -e "$1"; }

check "there are commands" test "$(echo "$commands" | wc -w)" -ge 14
check "there are options" test "$(echo "$options" | wc -w)" -ge 24
for command in $commands; do
	check "hosttune(8) has $command" page_has_command "$command"
	for part in usage options examples 'exit codes' 'see also'; do
		check "help $command has $part" grep -q "^$part:" "$work/help-$command"
	done
	check "help $command is $command --help" sh -c \
		"'$H' help $command >'$work/a' && '$H' $command --help | cmp - '$work/a'"
done
for option in $options; do
	check "hosttune(8) has $option" page_has_option "$option"
done
for option in $(page_options); do
	# of other programs: modprobe, mdadm
	case $option in --create | --assemble) continue ;; esac
	check "hosttune has $option, of hosttune(8)" is_option "$option"
done

fits() { ! awk 'length > 80 { print; found = 1 } END { exit !found }' "$1"; }
check "the help of each command fits 80 columns" fits "$work/help"
for case in tests/cases/audit-* tests/cases/apply-* tests/cases/report-*; do
	grep -q -e '-o' -e '--output' "$case/args" 2>/dev/null || cat "$case/out" 2>/dev/null
done >"$work/reports"
check "reports fit 80 columns" fits "$work/reports"
"$H" --help >"$work/all"
check "--help fits 80 columns" fits "$work/all"
{
	"$H" explain
	"$H" explain '*'
} >"$work/topics"
# the address of a source is one word, and stays one
grep -vE '^ *(source:)? *https://[^ ]+$' "$work/topics" >"$work/texts"
check "explain fits 80 columns" fits "$work/texts"
check "explain lists the reasons" grep -q '^  DiskRefused  *no drive is provably safe' "$work/topics"
cat profiles/*.yaml >"$work/profiles"
check "the built-in profiles fit 80 columns" fits "$work/profiles"

# A file system that is full: the check before the run passes, writing the report fails.
# full CODE COMMAND...: the error is printed, no file remains, and the exit status is CODE.
full() {
	code=$1
	shift
	mkdir -p "$work/full"
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare -m sh -c 'mount -t tmpfs -o size=4k none "$0/full" && echo >"$0/full/page" || exit 99
		"$@" >/dev/null 2>"$0/err"
		echo "exit status $?"
		ls -A "$0/full"' "$work" "$@" >"$work/full.out"
	cat "$work/err" "$work/full.out"
	[ "$(cat "$work/full.out")" = "exit status $code
page" ] && grep -q "^hosttune: --output json=.*: No space left on device" "$work/err"
}
# an apply takes the lock in its root: not in the checkout, and $work is hidden below
cp -R tests/cases/audit-in-sync "$work-case"
case=$work-case
drift=$PWD/tests/cases/audit-drift
if unshare -m mount -t tmpfs none "$work" 2>/dev/null; then
	set -- "$H" audit --no-api --root "$case/root" "$case/profile.yaml" -o "json=$work/full/a.json"
	check "a report that cannot be written: 3 instead of 0" full 3 "$@"
	set -- "$H" audit --no-api --root "$drift/root" "$drift/profile.yaml" -o "json=$work/full/a.json"
	check "a report that cannot be written: 3 instead of 1" full 3 "$@"
	check "the same, with npd on standard output: unknown" full 2 "$@" -o npd
	set -- "$H" diagnose --kmsg "$PWD/tests/cases/diagnose-log-json/kern.log" -o "json=$work/full/a.json"
	check "a diagnosis that cannot be written: 3 instead of 1" full 3 "$@"
	check "the same, with npd on standard output: unknown" full 2 "$@" -o npd
	set -- "$H" apply --no-api --root "$case/root" "$case/profile.yaml" -o "json=$work/full/a.json"
	check "the same of an apply: the state of the host" full 0 "$@"
else
	echo "ok - a report that cannot be written # SKIP no mount namespace"
fi

# lost CASE: a golden case whose standard output is a full disk exits with 3 instead of 0 or
# 1; with npd 2; an apply that succeeds does not fail for that.
lost() {
	args='validate profile.yaml'
	[ ! -d "tests/cases/$1/root" ] || args='audit --no-api --root root profile.yaml'
	[ ! -f "tests/cases/$1/args" ] || args=$(cat "tests/cases/$1/args")
	input=/dev/null
	[ ! -f "tests/cases/$1/in" ] || input=in
	case $args in
	*dry-run* | *--help | 'apply -n '*) code=3 ;;
	apply*) [ -f "tests/cases/$1/exit" ] && code=3 || code=0 ;;
	*npd*) code=2 ;;
	*) code=3 ;;
	esac
	rm -rf "$work/lost"
	cp -R "tests/cases/$1" "$work/lost"
	status=0
	(cd "$work/lost" && eval "env -i PATH='$bin' LC_ALL=C hosttune $args" <"$input" >/dev/full 2>err) ||
		status=$?
	[ "$status" -eq "$code" ] && grep -q '^hosttune: write to standard output: No space left' "$work/lost/err" && return
	echo "$1: hosttune $args: exit status $status instead of $code"
	cat "$work/lost/err"
	return 1
}
bin=$(cd "$B" && pwd)
all_lost() {
	status_of_all=0 n=0
	for case in tests/cases/*/out; do
		case=$(basename "$(dirname "$case")")
		case $(cat "tests/cases/$case/exit" 2>/dev/null) in '' | [01]) ;; *) continue ;; esac
		[ ! -f "tests/cases/$case/make.sh" ] || continue
		[ -s "tests/cases/$case/out" ] || continue
		# a pipeline has another exit status
		! grep -q '[|;&>]' "tests/cases/$case/args" 2>/dev/null || continue
		n=$((n + 1))
		lost "$case" || status_of_all=1
	done
	[ "$n" -ge 150 ] && return "$status_of_all"
	echo "only $n cases"
	return 1
}
check "a full disk behind standard output, in all golden cases" all_lost

# Control characters of the command line are printed as escapes: $bad in each place.
bad=$(printf '/none/\033[31m\r\233')
printable() {
	timeout 10 "$H" "$@" </dev/null >"$work/printed" 2>&1
	[ $? -ne 124 ] && ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$work/printed" && return
	echo "hosttune $*" | cat -v
	cat -v "$work/printed"
	return 1
}
all_printable() {
	for command in $commands; do
		[ "$command" = version ] || sed -n "s/^  \\(-., \\)\\{0,1\\}\\(--[a-z-]*\\).*/$command \\2/p" "$work/help-$command"
	done >"$work/uses"
	[ "$(wc -l <"$work/uses")" -ge 100 ] || return
	status=0
	printable "$bad" && printable "--$bad" && printable "-$bad" || status=1
	while read -r command option; do
		printable "$command" "$option=$bad" "$bad" || status=1
	done <"$work/uses"
	for command in $commands; do
		[ "$command" = version ] || printable "$command" "$bad" "$bad" || status=1
	done
	return "$status"
}
check "no control characters in usage errors" all_printable

# --- the manual page ---------------------------------------------------------------------

# Sections in the order of man-pages(7), each in the page.
page_sections() { sed -n 's/^\.SH //p' "$page" | tr '\n' '|'; }
check "hosttune(8) has the usual sections" sh -c "
	case '$(page_sections)' in
	'NAME|SYNOPSIS|DESCRIPTION|'*'|EXIT STATUS|'*'|ENVIRONMENT|FILES|EXAMPLES|SEE ALSO|') ;;
	*) exit 1 ;;
	esac"
page_exit_codes() { sed -n '/^\.SH EXIT STATUS/,/^\.SH SIGNALS/p' "$page" | grep -x '[0-9]'; }
help_exit_codes() { sed -n '/^exit codes:/,/^$/s/^  \([0-9]\) .*/\1/p' "$work/all"; }
check "hosttune(8) has the exit codes of help" test "$(page_exit_codes)" = "$(help_exit_codes)"
check "there are exit codes" test "$(help_exit_codes | wc -l)" -eq 9
variables=$(grep -rho 'getenv("[A-Z_]*")' cmd lib | sed 's/.*"\(.*\)".*/\1/' | sort -u)
for name in $variables; do
	check "hosttune(8) has $name" sh -c \
		"sed -n '/^\.SH ENVIRONMENT/,/^\.SH FILES/p' '$page' | grep -q '^\.BR* .*$name'"
done
quiet() { [ -z "$("$@" 2>&1)" ] || { "$@"; return 1; }; }
if command -v mandoc >/dev/null; then
	check "mandoc finds no fault in hosttune(8)" quiet mandoc -T lint -W warning "$page"
else
	echo "ok - mandoc reads hosttune(8) # SKIP no mandoc"
fi
if command -v groff >/dev/null; then
	check "groff finds no fault in hosttune(8)" quiet groff -ww -man -T utf8 -z "$page"
else
	echo "ok - groff reads hosttune(8) # SKIP no groff"
fi

# --- color -------------------------------------------------------------------------------

# script(1) gives the program a terminal.
has_color() {
	env -i PATH="$PATH" "$@" script -qec "$H audit --no-api --root tests/cases/audit-drift/root \
		tests/cases/audit-drift/profile.yaml" /dev/null >"$work/out" </dev/null
	grep -q vm.swappiness "$work/out" && grep -q "$(printf '\033')" "$work/out"
}
has_no_color() { ! has_color "$@" && grep -q vm.swappiness "$work/out"; }
if command -v script >/dev/null; then
	check "color on a terminal" has_color TERM=xterm
	check "color with an empty NO_COLOR" has_color TERM=xterm NO_COLOR=
	check "no color with NO_COLOR" has_no_color TERM=xterm NO_COLOR=1
	check "no color with TERM=dumb" has_no_color TERM=dumb
	check "no color without TERM" has_no_color TERM=
else
	echo "ok - color # SKIP no script(1)"
fi

# --- apply --try -------------------------------------------------------------------------

# In a copy of a captured tree, with its own run time: a key that a profile sets to 10.
try_tree() {
	rm -rf "$work/try"
	mkdir -p "$work/try/proc/sys/vm"
	echo 60 >"$work/try/proc/sys/vm/swappiness"
}
printf 'version: 1\nsysctl: {vm.swappiness: 10}\n' >"$work/try.yaml"
try_for() { "$H" apply --try "$1" --no-api --root "$work/try" "$work/try.yaml"; }
has_value() { [ "$(cat "$work/try/proc/sys/vm/swappiness")" = "$1" ]; }
becomes() {
	for _ in $(seq 100); do
		! has_value "$1" || return 0
		sleep 0.2
	done
	return 1
}
no_guard() { ! pgrep -f "apply --try [0-9]* --no-api --root $work/try"; }
ends() {
	for _ in $(seq 50); do
		! no_guard || return 0
		sleep 0.2
	done
	return 1
}
not_in_time() { try_tree && try_for 2 && has_value 10 && becomes 60 && ends && ! "$H" confirm --root "$work/try"; }
in_time() {
	try_tree && try_for 60 && "$H" confirm --root "$work/try" && has_value 10 && ends &&
		"$H" revert --root "$work/try" && has_value 60
}
# The session of the apply ends with its process: its guard is in another one.
terminal_dies() {
	try_tree && setsid -w sh -c "'$H' apply --try 2 --no-api --root '$work/try' '$work/try.yaml'; kill -HUP 0"
	has_value 10 && becomes 60
}
guard_dies() {
	try_tree && try_for 1 && for pid in $(pgrep -f "apply --try 1 --no-api --root $work/try"); do
		kill -9 "$pid"
	done
	sleep 1.2
	has_value 10 && "$H" apply --no-api --root "$work/try" "$work/try.yaml" && "$H" revert --root "$work/try" --list |
		grep -q '1 .* reverted'
}
relative_paths() {
	try_tree && mkdir -m 700 "$work/try/state" && (program=$PWD/$H && cd "$work/try" && "$program" apply --try 1 --no-api --root . --state-dir state ../try.yaml) &&
		has_value 10 && becomes 60
}
# Of two trials, the older one would end first.
one_at_a_time() {
	try_tree && try_for 60 && ! try_for 60 && try_for 60 2>&1 | grep -q 'an earlier run is on trial for' &&
		"$H" revert --root "$work/try" && has_value 60 && try_for 60 && "$H" confirm --root "$work/try"
}
nothing_to_try() { try_tree && echo 10 >"$work/try/proc/sys/vm/swappiness" && try_for 60 && ends; }
check "--try: reverted unless confirmed in time" not_in_time
check "--try: kept once confirmed" in_time
check "--try: the terminal dies" terminal_dies
check "--try: the guard dies, and the next apply reverts" guard_dies
check "--try: relative paths" relative_paths
check "--try: one at a time" one_at_a_time
check "--try: nothing was changed" nothing_to_try

# --- texts of a node that are not plain, in what is read back ---------------------------------

odd=$work/odd
odd_profile=tests/cases/audit-drift/profile.yaml
# The node of a case, with bytes that are not UTF-8, control characters and a long name.
odd_node() {
	cp -R tests/cases/baseline-captured/root "$odd" || return
	printf '5%s 20 259:5 / /mnt/%b rw - xfs /dev/nvme1n1 rw\n' 0 'a\0200b' 1 'a\0177b' 2 'a\0302\0205b' 3 'a\0377b' \
		4 "\"$(printf '%01200d' 7)" >>"$odd/proc/1/mountinfo"
	cat "$odd/proc/1/mountinfo" >"$odd/proc/self/mountinfo"
	printf 'quiet \200 \377 \177 \302\205\n' >"$odd/proc/cmdline"
	printf 'node\200\177\377\n' >"$odd/proc/sys/kernel/hostname"
	printf 'Odd \200\177\377 model\n' >"$odd/sys/block/nvme1n1/device/model"
	printf 'AWS\200\177\377\n' >"$odd/sys/block/nvme1n1/device/serial"
	cp -R "$odd/sys/block/nvme1n1" "$odd/sys/block/nvme4n1"
	printf 'AWS\302\205\n' >"$odd/sys/block/nvme4n1/device/serial"
}
# The mount point is in the file, the node has not changed, and neither does jq change it.
odd_baseline() {
	"$H" baseline save -q --no-api --root "$odd" "$work/odd.json" &&
		jq . "$work/odd.json" >"$work/odd-jq.json" || return
	[ "$(jq '[.mounts | keys[] | select(test("^/mnt/(a.b|\".*7)$"))] | length' "$work/odd.json")" = 5 ] &&
		"$H" baseline compare --no-api --root "$odd" "$work/odd.json" &&
		"$H" baseline compare "$work/odd.json" "$work/odd-jq.json"
}
odd_facts() {
	"$H" facts --root "$odd" >"$work/odd-facts.yaml" && "$H" show --facts "$work/odd-facts.yaml" "$odd_profile"
}
odd_capture() {
	"$H" capture --no-api --root "$odd" >"$work/odd.yaml" && "$H" validate "$work/odd.yaml"
}
odd_report() {
	"$H" audit --no-api --root "$odd" -o json "$odd_profile" >"$work/odd-report.json"
	"$H" report "$work/odd-report.json"
	[ $? -le 1 ] && jq . "$work/odd-report.json"
}
check "odd texts: a node" odd_node
check "odd texts: a baseline is read back as it was saved" odd_baseline
check "odd texts: facts" odd_facts
check "odd texts: a capture" odd_capture
check "odd texts: reports" odd_report
rm -rf "$odd" "$work"/odd*.json

# --- files that never end, and what is no file -------------------------------------------

log=tests/cases/diagnose-log-json/kern.log
before=tests/cases/baseline-compare/before.json
profile=tests/cases/audit-drift/profile.yaml
# Each command line that reads FILE; "facts" needs a profile, too.
readers() {
	sed "s|FILE|$1|" <<-END
		validate FILE
		show --profile-dir / --facts FILE $profile
		diagnose --kmsg FILE
		diagnose --journal FILE
		diagnose --kmsg $log --rules FILE
		report FILE
		import FILE
		baseline compare FILE
		baseline compare $before FILE
	END
}
# all_read CODES TEXT FILE: each of them ends with one of CODES and prints TEXT, also if FILE
# is a pipe into which nobody writes. They run side by side.
all_read() {
	codes=$1 text=$2 n=0
	readers "$3" >"$work/readers"
	while read -r line; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # words; standard input is open, and never has data
		{
			code=0
			timeout 30 "$H" $line --deadline 1 <>"$work/fifo" >"$work/read-$n" 2>&1 || code=$?
			echo "exit status $code" >>"$work/read-$n"
		} &
	done <"$work/readers"
	wait
	status=0 n=0
	while read -r line; do
		n=$((n + 1))
		grep -q "^exit status $codes\$" "$work/read-$n" && grep -q "$text" "$work/read-$n" && continue
		echo "hosttune $line"
		cat "$work/read-$n"
		status=1
	done <"$work/readers"
	[ "$n" -eq 9 ] && return "$status"
}
mkfifo "$work/fifo"
check "a pipe without a writer: until the deadline" all_read 7 'deadline exceeded' "$work/fifo"
check "standard input that never ends: until the deadline" all_read 7 'deadline exceeded' -
check "a character device is refused" all_read '[23]' 'is a character device' /dev/zero
check "a directory is refused" all_read '[23]' 'directory' "$work"
written() {
	cat "$2" >"$work/fifo" &
	"$H" validate "$1"
}
check "a pipe with a writer is read" written "$work/fifo" tests/cases/audit-drift/profile.yaml
# the writer ends before hosttune opens it
named() { sed '' "$profile" | { sleep 0.2; "$H" validate "$1" --deadline 10; }; }
check "a pipe that /dev/stdin names is read" named /dev/stdin
check "an inherited pipe is read" named -
# its writer has ended, and wrote nothing: no other will come
ends_at_once() { timeout 20 "$H" validate "$1" --deadline 15 <"$work/fifo"; [ $? = 2 ]; }
for name in /dev/stdin /dev/fd/0 /proc/self/fd/0; do
	for text in "" "version: [1"; do
		printf %s "$text" >"$work/fifo" &
		check "$name is a pipe whose writer has ended after \"$text\"" ends_at_once "$name"
	done
done
watch_silent() { timeout 20 "$H" watch -n --no-api "$@" --deadline 1 "$work/fifo"; [ $? = 7 ]; }
check "watch: a pipe without a writer: until the deadline" watch_silent
watch_rules() { timeout 20 "$H" watch -n --no-api --rules "$work/fifo" --deadline 1 "$profile"; [ $? = 7 ]; }
check "watch: rules in a pipe without a writer: until the deadline" watch_rules
# a file that cannot be parsed because no process can be started is not an invalid one
no_process() {
	code=0
	prlimit --nproc=0 setpriv --reuid 65534 --clear-groups "$H" audit --no-api --root "$work/empty" /dev/stdin <"$profile" >"$work/got" 2>&1 || code=$?
	cat "$work/got"
	[ $code = 3 ] && grep -q "start a process to read it" "$work/got"
}
mkdir -p "$work/empty/proc"
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$work"
	check "no process can be started: exit 3, not 2" no_process
else
	skip "no process can be started: exit 3, not 2" "needs root"
fi

# --- a bundle on standard output ---------------------------------------------------------

streamed() {
	"$H" collect - >"$work/node.tar" && tar tf "$work/node.tar" | grep -qx manifest.json &&
		"$H" facts --bundle "$work/node.tar" | grep -q '^cpus:'
}
check "collect - is a tar file" streamed
no_terminal() { script -qec "$H collect -" /dev/null </dev/null | grep 'standard output is a terminal'; }
if command -v script >/dev/null; then
	check "collect - to a terminal is refused" no_terminal
else
	skip "collect - to a terminal" "no script(1)"
fi

# --- large profiles ----------------------------------------------------------------------

# A megabyte of misspelt keys, or of patterns and keys: seconds of a CPU, not minutes, and
# not hundreds of megabytes.
write_large() {
	echo version: 1
	echo sysctl:
	seq -f "  $1" 9000
	seq -f "  $2" 9000
}
is_cheap() {
	prlimit --cpu=10 --as=268435456 "$@"
	[ $? -le 2 ]
}
write_large 'net.ipv4.conf.*.k%.0f: 1' 'net.ipv4.conf.e.l%.0f: 1' >"$work/patterns.yaml"
write_large 'net.ipv4.tcp_unknown_name_%.0f: 1' 'vm.swappines%.0f: 1' >"$work/misspelt.yaml"
sed -n 's/^  \(.*\): 1/\1 = 1/p' "$work/patterns.yaml" "$work/misspelt.yaml" >"$work/sysctl.conf"
check "large: thousands of patterns" is_cheap "$H" validate "$work/patterns.yaml"
check "large: thousands of misspelt keys" is_cheap "$H" validate "$work/misspelt.yaml"
check "large: import" is_cheap "$H" import "$work/sysctl.conf"

summary
