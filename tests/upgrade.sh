#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Upgrade in the VM: an earlier hosttune applies a profile with an array, sysctls and settings;
# then this one finds all of it in sync and writes nothing, also after a reboot, and reverts what
# the earlier one recorded in its journal.
#
# usage: [PREVIOUS=REV] tests/upgrade.sh
#
# REV is built once, in a clone of this repository, and stays in $B/vm. A shallow clone may lack
# it: then the test is skipped.
set -u
# The previous release; before the first one, an early commit with a journal.
previous=${PREVIOUS:-fd54031}
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
. tests/tap.sh
B=${B:-build}
kernel=6.12

# Build it, unless that was done before.
build() {
	mkdir -p "$earlier"
	[ ! -x "$earlier/hosttune" ] || return 0
	git clone -q . "$work/clone" && git -C "$work/clone" checkout -q "$commit" &&
		env -u MAKEFLAGS -u MAKELEVEL make -C "$work/clone" -j "$(nproc)" B=build build/hosttune &&
		cp "$work/clone/build/hosttune" "$earlier/"
}

boot() {
	HOSTTUNE_B=$B HOSTTUNE_PREVIOUS=$earlier/hosttune tests/vm/run -k $kernel -d 2 -s 320M -t 600 \
		-D "$work/drives" -o "$work/out" -- tests/vm/upgrade.sh "$1"
}

if ! commit=$(git rev-parse -q --verify "$previous^{commit}"); then
	skip "upgrade from $previous" "no such commit here"
elif ! why=$(tests/vm/fetch-kernels $kernel 2>&1 && tests/vm/run --probe -k $kernel 2>&1); then
	skip "upgrade from $previous" "$why"
else
	mkdir -p "$B/vm"
	earlier=$(readlink -f "$B/vm")/previous-$commit
	check "$previous builds" build
	for stage in first second; do
		boot $stage >"$work/$stage.log" 2>&1
		status=$?
		while IFS= read -r line; do
			case $line in
			'ok '*) check "$stage boot: ${line#ok * - }" true ;;
			'not ok '*) check "$stage boot: ${line#not ok * - }" false ;;
			*) echo "# $line" ;;
			esac
		done <"$work/$stage.log"
		check "$stage boot ends well" [ $status = 0 ]
	done
fi
summary
