#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Print docs/audit.svg: a first audit as a terminal shows it, from the real output for the
# node of tests/terminal/node.sh. `make docs` runs it.
#
# usage: docs/audit.sh HOSTTUNE >docs/audit.svg      (needs script(1), for a terminal)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(cd "$(dirname "$1")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-svg-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

command='hosttune audit --root node nfs-server'
"$here/../tests/terminal/node.sh" "$work/node"
cd "$work"
env -i PATH="$program:$PATH" TERM=xterm COLUMNS=80 \
	script -qec "$command" /dev/null </dev/null >out || [ $? -eq 1 ]
awk -v command="$command" -f "$here/terminal.awk" -f "$here/audit.awk" out
