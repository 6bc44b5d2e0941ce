# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# Debian systems on which nothing else is installed, for scripts that source this file first: it
# starts them again, in a separate mount namespace.
#
#   fresh_begin NAME                   set $work, a directory for this run, and $root, where a system
#                                      is mounted; both are removed at the end
#   fresh_install NAME MARK COMMAND    print the directory of a system, which COMMAND DIR/system makes,
#                                      once for each MARK; kept in $B/vm/NAME, with a log beside it
#   fresh_files                        unmount the last system; set $upper, the root of the next one,
#                                      for files to add
#   fresh_mount DIR                    mount a copy of it; changes do not reach DIR
#
# "/" is no mount point in it: it is a directory of the file system that is mounted.
[ "${HOSTTUNE_FRESH:-}" ] || HOSTTUNE_FRESH=1 exec unshare -m --propagation private "$0" "$@"
B=${B:-build}

fresh_begin() {
	mkdir -p "$B/vm"
	work=$(mktemp -d "$(readlink -f "$B/vm")/$1.XXXXXX")
	root=$work/mount/system
	trap 'umount -R "$work/mount" 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
}

fresh_debootstrap() {
	mkdir -p "$(dirname "$2")"
	debootstrap --variant=minbase ${3:+--include="$3"} "$1" "$2" http://deb.debian.org/debian
}

fresh_install() {
	fresh_dir=$(readlink -f "$B/vm")/$1 fresh_mark=$2
	shift 2
	if [ "$(cat "$fresh_dir/installed" 2>/dev/null)" != "$fresh_mark" ]; then
		rm -rf --one-file-system "$fresh_dir"
		"$@" "$fresh_dir/system" >"$fresh_dir.log" 2>&1 || return
		echo "$fresh_mark" >"$fresh_dir/installed"
	fi
	echo "$fresh_dir"
}

fresh_files() {
	umount -R "$work/mount" 2>/dev/null
	rm -rf --one-file-system "$work/upper" "$work/overlay"
	upper=$work/upper/system
	mkdir -p "$upper" "$work/overlay" "$work/mount"
}

fresh_mount() {
	mount -t overlay -o "lowerdir=$1,upperdir=$work/upper,workdir=$work/overlay" overlay "$work/mount" &&
		mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc"
}
