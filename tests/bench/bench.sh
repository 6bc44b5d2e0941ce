#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# bench.sh: measure both builds of hosttune next to programs that do the same, and to a floor that
# does nothing but the work itself. The results are in $B/bench: rows (see rows.sh), machine, and
# bench.json; page.sh makes docs/performance.md of them. Sections that are measured again replace
# their rows. No result fails it.
#
# usage: tests/bench/bench.sh [SECTION...]      (default: all)
#
# ROUNDS=n: how often each program runs; LARGE_LOG=MIB: the largest kernel log (1024).
set -eu
cd "$(dirname "$0")/../.."
: "${B:=build}" "${CC:=cc}" "${ROUNDS:=100}"
SECTIONS='start validate audit tree apply plan run image bundle diagnose report watch'

# mounts of this process only
if [ "$(id -u)" = 0 ] && [ -z "${BENCH_APART:-}" ]; then
	BENCH_APART=1 exec unshare -m "$0" "$@"
fi

out=$B/bench
work=$(mktemp -d)
stub='' pids=''
# shellcheck disable=SC2086 # lists
trap '[ -z "$stub$pids" ] || kill $stub $pids 2>/dev/null; umount -R "$work" 2>/dev/null; rm -rf "$work"' EXIT
# files of a captured tree cost what those of /proc cost only in memory
[ "$(id -u)" != 0 ] || mount -t tmpfs bench "$work"
mkdir -p "$out"
# shellcheck disable=SC2086 # a list
[ $# -gt 0 ] || set -- $SECTIONS
for file in rows skipped note; do
	touch "$out/$file"
	awk -F'\t' -v again=" $* " '!index(again, " " $1 " ")' "$out/$file" >"$work/kept"
	cp "$work/kept" "$out/$file"
done

build() {
	what=$1 source=$2
	shift 2
	# shellcheck disable=SC2086 # CC may contain options
	$CC -std=gnu11 -D_GNU_SOURCE -O2 "$@" -o "$work/$what" "tests/bench/$source.c"
}

build pair pair -static
build floor floor -static
build floor-dynamic floor
ordinary=$(realpath -e "$B/hosttune")
static=$PWD/$B/static/$(dpkg --print-architecture)/hosttune # skipped if it is not built
tests/bench/peers.sh "$B/peers" || :
goss=$PWD/$B/peers/goss
. tests/bench/rows.sh
. tests/bench/section/programs.sh
. tests/bench/section/whole.sh
. tests/bench/section/image.sh

# TuneD in its own root, made of this machine's and of Debian's package: only in a mount namespace of
# this process.
tuned_root() {
	[ "$(id -u)" = 0 ] && [ -d "$B/peers/tuned" ] || return 0
	mkdir "$work/overlay"
	mkdir "$work/overlay/work" "$work/overlay/root"
	cp -a "$B/peers/tuned" "$work/overlay/upper"
	mount -t overlay -o "lowerdir=/,upperdir=$work/overlay/upper,workdir=$work/overlay/work" overlay "$work/overlay/root" || return 0
	root=$work/overlay/root
	for dir in proc sys dev; do mount --rbind "/$dir" "$root/$dir"; done
	mount -t tmpfs run "$root/run"
	mkdir -p "$root/etc/tuned/bench" "$root/run/tuned"
	cp "$work/tuned.conf" "$root/etc/tuned/bench/tuned.conf"
	sed -i 's/^daemon *=.*/daemon = 0/; s/^dynamic_tuning *=.*/dynamic_tuning = 0/; s/^reapply_sysctl *=.*/reapply_sysctl = 0/' \
		"$root/etc/tuned/tuned-main.conf"
	printf '#!/bin/sh\nexec chroot %s /usr/sbin/tuned -p bench\n' "$root" >"$work/tuned"
	chmod 755 "$work/tuned"
}

# NAME and VERSION, with a tab.
version() { printf '%s\t%s\n' "$1" "$2"; }

machine() {
	version machine "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors"
	version kernel "Linux $(uname -r)"
	version hosttune "$("$ordinary" --version | sed 's/hosttune //') ($(git rev-parse --short HEAD 2>/dev/null || echo no commit))"
	version compiler "$($CC --version | head -n 1)"
	version procps "$(sysctl --version 2>/dev/null | sed 's/.* //')"
	version systemd "$(systemd-run --version 2>/dev/null | head -n 1)"
	version TuneD "$(cat "$B/peers/tuned.version" 2>/dev/null || echo not here)"
	version goss "$([ -x "$goss" ] && sed -n 's/.* GOSS_VERSION=//p' tests/bench/peers.sh || echo not here)"
	version curl "$(curl --version 2>/dev/null | head -n 1 | cut -d ' ' -f 1-2)"
	version rounds "$ROUNDS"
}

live_keys
tuned_root
machine >"$out/machine"
for one; do "bench_$one"; done
for one in $SECTIONS; do awk -F'\t' -v s="$one" '$1 == s' "$out/note"; done >"$work/note"
cp "$work/note" "$out/note"
tests/bench/json.sh "$out" >"$out/bench.json"
printf '\n'
tests/bench/verdict.sh "$out"
