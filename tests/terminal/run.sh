#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Reports as a real terminal shows them: golden screens, through tmux.
#
# usage: tests/terminal/run.sh [--update]
#
# tests/terminal/NAME.screen is what the terminal shows; with escapes where the name ends
# in -color. --update saves the screens as the expected ones: read the diff.
set -u
LC_ALL=C.UTF-8
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-build}" && pwd) || exit 2
update=
[ "${1:-}" != --update ] || update=1
command -v tmux >/dev/null || {
	echo "ok - screens # SKIP no tmux"
	exit
}
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-terminal-XXXXXX") || exit 2
terminals=0
trap 'tmux_ kill-server 2>/dev/null; rm -rf --one-file-system "$work"' EXIT

# A command as a user has it, below a directory that does not show.
"$here/node.sh" "$work/node"
cp "$here/nfs-server.yaml" "$here/wide.yaml" "$work"
PATH=$B:$PATH
export PATH

tmux_() { tmux -S "$work/tmux$terminals" -f /dev/null "$@"; }

# start_in_terminal WxH COMMAND: run it in a new terminal of that size.
start_in_terminal() {
	[ $terminals -eq 0 ] || tmux_ kill-server
	terminals=$((terminals + 1))
	printf '%s\n' "cd '$work' && $2" "tmux -S '$work/tmux$terminals' wait-for -S ended" \
		'sleep 60' >"$work/run"
	tmux_ new-session -d -x "${1%x*}" -y "${1#*x}" \
		"env -u COLUMNS TERM=tmux-256color sh '$work/run'" \; set status off
}

in_terminal() {
	start_in_terminal "$@"
	tmux_ wait-for ended
}

# Print the screen, without the empty lines at its end. Options of capture-pane: -e.
screen() { tmux_ capture-pane -p "$@" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

# same NAME: compare standard input with the golden screen.
same() {
	cat >"$work/$1.screen"
	[ -z "$update" ] || cp "$work/$1.screen" "$here/$1.screen"
	if diff -u "$here/$1.screen" "$work/$1.screen" >"$work/diff"; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		sed 's/^/# /' "$work/diff"
	fi
}

audit='hosttune audit --root node nfs-server.yaml'
for size in 80x24 120x40; do
	in_terminal $size "$audit"
	screen | same $size
	screen -e | same $size-color
done
in_terminal 80x24 "NO_COLOR=1 $audit"
screen -e | same 80x24
in_terminal 80x24 "TERM=dumb $audit"
screen -e | same 80x24
in_terminal 80x24 "$audit --no-color"
screen -e | same 80x24
in_terminal 80x24 "$audit | cat"
screen -e | same 80x24
(cd "$work" && $audit) | same 80x24
in_terminal 40x40 "$audit"
screen | same 40x40
in_terminal 120x40 "COLUMNS=40 $audit"
screen | same 40x40
# names and values that are wide, or would act on the terminal
in_terminal 80x24 'hosttune audit --root node wide.yaml'
screen -e | same wide-color
in_terminal 80x24 'hosttune audit -v --root node wide.yaml'
screen | same wide-verbose

# The wait for the lock shows its progress in one line, and erases it.
mkdir -p "$work/node/run/hosttune"
flock "$work/node/run/hosttune/lock" \
	sh -c "touch '$work/held'; while [ ! -e '$work/release' ]; do sleep 0.05; done" &
while [ ! -e "$work/held" ]; do sleep 0.05; done
start_in_terminal 80x24 'hosttune apply --root node wide.yaml >/dev/null'
for _ in $(seq 100); do
	! screen | grep -q ': [0-9] s$' || break
	sleep 0.1
done
screen | sed 's/: [0-9] s$/: N s/' | same progress
touch "$work/release"
tmux_ wait-for ended
screen | same progress-erased
wait

if command -v script >/dev/null; then
	"$here/../../docs/audit.sh" "$B/hosttune" >"$work/audit.svg"
	if cmp "$work/audit.svg" "$here/../../docs/audit.svg"; then
		echo "ok - docs/audit.svg is current (make docs)"
	else
		echo "not ok - docs/audit.svg is current (make docs)"
	fi
else
	echo "ok - docs/audit.svg # SKIP no script(1)"
fi

"$here/../../docs/demo.sh" >"$work/demo.svg"
if cmp "$work/demo.svg" "$here/../../docs/demo.svg"; then
	echo "ok - docs/demo.svg is current (make docs)"
else
	echo "not ok - docs/demo.svg is current (make docs)"
fi
# a recording of an older demo has other steps
steps=$(sed -n 's/^say "\([^"]*\)"$/=== \1/p' "$here/../demo/guest.sh")
if [ "$steps" = "$(grep '^=== ' "$here/../../docs/demo.txt")" ]; then
	echo "ok - docs/demo.txt has the steps of the demo (make demo RECORD=1)"
else
	echo "not ok - docs/demo.txt has the steps of the demo (make demo RECORD=1)"
fi
