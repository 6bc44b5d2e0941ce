#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check the static programs: what they need, their size, that they print what the ordinary
# program prints, and, with make check-full, that two builds give the same bytes.
#
# An architecture that was not built (make static) is skipped; make check-full builds both.
set -u
B=${B:-build}
MAKE=${MAKE:-make}
MAX=1572864 # 1.5 MiB: an image is pulled at each boot
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here" || exit 1
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

# shellcheck source=tests/tap.sh
. tests/tap.sh

# lacks PATTERN COMMAND...: the command succeeds, and prints no such line.
lacks() {
	pattern=$1
	shift
	"$@" >"$work/lines" || return
	! grep -E "$pattern" "$work/lines"
}

# shellcheck source=tests/elf.sh
. tests/elf.sh

build_id() { readelf -n "$1" | sed -n 's/.*Build ID: //p'; }

# fits FILE BYTES
fits() { test "$(wc -c <"$1")" -le "$2" || { wc -c "$1" && false; }; }

# licences ARCH: each package that was linked in has its licence, and each is one.
licences() {
	dir=$B/static/$1/licences
	names=$(sed -n "/^#/d; s/ .*//; s/.*\///; s/_.*\.dsc$//p; s/_.*_$1\.deb$//p" packaging/static/sources)
	for part in LICENSE-APACHE LICENSE-MIT libgcc $names; do
		grep -qi 'copyright\|licen[cs]e' "$dir/$part" || return
	done
}

# bundle PROGRAM: it writes an archive, and reads it as the ordinary program does.
bundle() {
	"$1" collect "$work/node.tar" &&
		"$1" facts --bundle "$work/node.tar" >"$work/facts" &&
		"$B/hosttune" facts --bundle "$work/node.tar" | cmp - "$work/facts" &&
		test -s "$work/facts"
}

# cases ARCH: the golden cases, run by this program, if this machine can: tests/arm64 does it
# elsewhere. What it prints of itself is the same.
cases() {
	case $(uname -m)/$1 in
	x86_64/amd64 | aarch64/arm64) ;;
	*) return ;;
	esac
	mkdir -p "$work/$1"
	cp "$B/static/$1/hosttune" "$work/$1/hosttune"
	B=$work/$1 tests/cases/run.sh >"$work/cases"
	grep -A 20 '^not ok' "$work/cases"
	check "$1: writes and reads a bundle" bundle "$B/static/$1/hosttune"
	check "$1: golden cases: $(tail -n 1 "$work/cases")" grep -q '^[1-9][0-9]* passed, 0 failed' "$work/cases"
}

one_architecture() {
	program=$B/static/$1/hosttune
	check "$1: no interpreter" lacks INTERP readelf -lW "$program"
	check "$1: no shared library" lacks NEEDED readelf -dW "$program"
	check_hardened "$1" "$program" "$program.debug"
	check "$1: at most $MAX bytes" fits "$program" $MAX
	check "$1: its debug file has its build ID" test "$(build_id "$program")" = "$(build_id "$program.debug")"
	check "$1: the debug file has lines of the source" \
		sh -c "readelf --debug-dump=decodedline '$program.debug' 2>/dev/null | grep -q 'main\.c'"
	check "$1: no resolver" lacks ' (res_mkquery|__res_send|getaddrinfo\.)' nm "$program.debug"
	check "$1: no path of this directory" lacks "$here" cat "$program" "$program.debug"
	check "$1: licences of all that is linked in" licences "$1"
	check "$1: its compiler may be copied elsewhere" movable "$1"
	cases "$1"
}

# movable ARCH: the compiler uses nothing of the directory where it was built.
movable() {
	mkdir -p "$work/moved"
	cp "$B/static/$1/cc" "$work/moved/cc"
	"$work/moved/cc" -v -E -x c /dev/null >"$work/moved/log" 2>&1 || :
	grep -q "$work/moved/root" "$work/moved/log" && lacks "$here" cat "$work/moved/log"
}

# The same from another directory, 400 days later.
reproducible() {
	if ! command -v faketime >/dev/null; then
		echo "ok - $1: two builds, the same bytes # SKIP faketime: command not found"
		return
	fi
	mkdir "$work/elsewhere"
	git ls-files -z | xargs -0 cp --parents -t "$work/elsewhere"
	mkdir -p "$work/elsewhere/other/static"
	cp -a "$B/static/sources" "$work/elsewhere/other/static/"
	(cd "$work/elsewhere" && NO_FAKE_STAT=1 faketime -f +400d "$MAKE" B=other ARCH="$1" static) >"$work/log" 2>&1 ||
		tail "$work/log"
	check "$1: two builds, the same bytes" cmp "$B/static/$1/hosttune" "$work/elsewhere/other/static/$1/hosttune"
	check "$1: two builds, the same debug file" \
		cmp "$B/static/$1/hosttune.debug" "$work/elsewhere/other/static/$1/hosttune.debug"
	rm -rf "$work/elsewhere"
}

for arch in amd64 arm64; do
	if [ "${HOSTTUNE_FULL:-}" ]; then
		packaging/deps.sh static && "$MAKE" --no-print-directory B="$B" ARCH=$arch static || echo "not ok - $arch: make static"
	elif [ -e "$B/static/$arch/hosttune" ]; then
		"$MAKE" --no-print-directory B="$B" ARCH=$arch static || echo "not ok - $arch: make static"
	fi
	if [ -e "$B/static/$arch/hosttune" ]; then
		one_architecture $arch
		[ -z "${HOSTTUNE_FULL:-}" ] || reproducible $arch
	else
		echo "ok - $arch: the static program # SKIP not built (make static ARCH=$arch; make check-full does)"
	fi
done
