#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Compare the Debian package that was built for arm64 on another machine with that of amd64.
#
# usage: tests/deb/arm64.sh AMD64.deb ARM64.deb
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh
B=${B:-build}
amd64=$(readlink -f "$1")
arm64=$(readlink -f "$2")

field() { dpkg-deb -f "$1" "$2"; }

# Print the packages that it depends on, without versions.
depends() { field "$1" Depends | tr ',' '\n' | awk '{ print $1 }' | sort; }

# Print mode, owner and path of each file.
contents() { dpkg-deb -c "$1" | awk '{ print $1, $2, $6 }'; }

# same COMMAND: it prints the same for both packages, and something.
same() {
	"$1" "$amd64" >"$work/amd64.txt" && "$1" "$arm64" >"$work/arm64.txt" && [ -s "$work/arm64.txt" ] &&
		diff -u "$work/amd64.txt" "$work/arm64.txt"
}

elf_has() { readelf -hlW "$work/arm64/usr/bin/hosttune" | grep "$1"; }

# audit: the program of the package, with Debian's libraries of arm64.
audit() {
	case=tests/cases/audit-drift
	"$B/vm/qemu-aarch64" -L "$B/vm/cross-arm64" "$work/arm64/usr/bin/hosttune" audit --no-api --root $case/root \
		$case/profile.yaml >"$work/out" 2>"$work/err"
	status=$?
	cat "$work/out" "$work/err"
	[ $status = 1 ] && grep -q -i 'differ' "$work/out"
}

# dpkg-architecture warns of the compiler of the machine, which is not used.
no_warning() { test -s "$1" && ! grep 'warning: ' "$1" | grep -v '^dpkg-architecture: '; }

dpkg-deb -x "$amd64" "$work/amd64"
dpkg-deb -x "$arm64" "$work/arm64"
check "arm64: built without a warning" no_warning "${arm64%/*}/deb-arm64.log"
check "arm64: lintian is content" lintian --fail-on error,warning --suppress-tags bogus-mail-host \
	"${arm64%.deb}.changes"
check "arm64: the architecture of the package" test "$(field "$arm64" Architecture)" = arm64
check "arm64: the architecture of the program" elf_has 'Machine: *AArch64'
check "arm64: a position-independent program" elf_has 'DYN (Position-Independent'
check "arm64: the loader of Debian's arm64" elf_has '/lib/ld-linux-aarch64.so.1'
check "arm64: segments for pages of 64 KiB" elf_has 'LOAD.* 0x10000$'
check "arm64: the same packages are needed" same depends
check "arm64: the same files" same contents
check "arm64: all files but the program have the same content" diff -r --exclude=bin "$work/amd64/usr" "$work/arm64/usr"
if why=$(B=$B tests/vm/fetch-arm64 emulator 2>&1); then
	check "arm64: the program runs with Debian's libraries" audit
else
	skip "arm64: the program runs with Debian's libraries" "$(echo "$why" | tail -n 1)"
fi
summary
