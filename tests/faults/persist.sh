#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Files for the next boot when something goes wrong: apply, unpersist and revert are killed before
# each system call that changes something; calls of them fail; /etc is read-only or full. Whatever
# happened, each file is whole or absent, files of others stay as they are, the next run converges,
# and no temporary file is left.
#
# usage: tests/faults/persist.sh [full]      (FAULTS='EIO ENOSPC': by these errors)
#
# Without "full": a kill before each call, and what repairs it, takes turns; one call in 29 fails,
# by few errors. The node is a
# directory with a real /proc, so that hosttune takes it for a live host, and a /proc/sys of
# plain files.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath -e "${B:-build}")
if [ "${in_namespace:-}" = "" ]; then
	if ! unshare -m true 2>/dev/null; then
		echo "ok - files for the next boot # SKIP needs a separate mount namespace"
		echo "0 passed, 0 failed, 1 skipped"
		exit
	fi
	export B in_namespace=1
	exec unshare -m --propagation private "tests/faults/${0##*/}" "$@"
fi
every=29 step=3 errors='EIO ENOSPC'
[ "${1:-}" != full ] || every=1 step=1 errors='EIO ENOSPC EROFS ENOMEM EACCES EINTR'
errors=${FAULTS:-$errors}
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-persist-XXXXXX") || exit 2
root=$work/root
clean_up() {
	umount -R "$root"
	rm -rf --one-file-system "$work"
}
trap clean_up EXIT
. tests/tap.sh
. tests/faults/calls.sh

# --- the node -------------------------------------------------------------------------------

mkdir -p "$root" "$work/sys"
mount --bind "$root" "$root"
mkdir -p "$root/proc" "$root/usr/bin"
mount --bind /proc "$root/proc"
mount --bind "$work/sys" "$root/proc/sys"
# the unit must find it
install -m 0755 "$B/hosttune" "$root/usr/bin/hosttune"

# put FILE TEXT: write a file below the root.
put() {
	mkdir -p "$root${1%/*}"
	printf '%s\n' "$2" >"$root$1"
}

# An untouched node, with files of others in the same directories.
fresh() {
	rm -rf "${root:?}/etc" "$root/run" "${root:?}/var" "$work"/sys/*
	put /proc/sys/kernel/osrelease 6.12.0-test
	put /proc/sys/kernel/random/boot_id boot-1
	put /proc/sys/vm/swappiness 60
	put /proc/sys/net/ipv4/conf/all/rp_filter 0
	put /etc/machine-id machine-1
	put /etc/hosttune/profile.yaml 'version: 1'
	put /etc/sysctl.d/10-other.conf 'vm.laptop_mode = 5'
	put /etc/modules-load.d/other.conf dummy
	put /etc/systemd/system/other.service '[Unit]'
	mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/run/systemd/system"
	ln -s ../other.service "$root/etc/systemd/system/multi-user.target.wants/other.service"
}

cat >"$work/node.yaml" <<'END'
version: 1
name: node
sysctl: {vm.swappiness: 10, "net.ipv4.conf.*.rp_filter": 2}
END

# What is stored and what is live. Half a file has another sum.
state() {
	(
		cd "$root" || exit
		find etc -type f -exec sha256sum {} + | sort -k 2
		find etc -type l -printf '%p -> %l\n' | sort
		find etc -type d | sort
		grep -r . proc/sys/vm proc/sys/net | sort
	)
}
# Of those, what belongs to others.
foreign() { state | grep -v 'hosttune-node\|hosttune-boot-node\|etc/hosttune/boot\|^proc/'; }

tool=''
# hosttune ARG...: on that node; sets `status`.
hosttune() {
	# shellcheck disable=SC2086 # words
	$tool "$B/hosttune" "$@" >"$work/out" 2>&1
	status=$?
}
apply() { hosttune apply --no-api --root "$root" "${profile:-$work/node.yaml}"; }
unpersist() { hosttune unpersist --root "$root"; }
revert() { hosttune revert --no-api --root "$root"; }

said() { tr -s ' \n' ' ' <"$work/out" | grep -qF -e "$1"; }
# same FILE: the node is as the file says; stored/FILE: but for its values, which may be set or not.
same() {
	state >"$work/now"
	cp "$work/${1#stored/}" "$work/expected"
	[ "$1" = "${1#stored/}" ] || sed -i '/^proc/d' "$work/now" "$work/expected"
	diff "$work/expected" "$work/now" || { cat "$work/out" && false; }
}
ends() { cat "$work/out" && [ "$status" = "$1" ]; }

# Where each command leads to.
fresh
state >"$work/before"
foreign >"$work/foreign"
apply
check "apply" ends 0
state >"$work/applied"
stores() { diff "$work/before" "$work/applied" | grep "^> .* *etc/" | grep -v 'etc/hosttune/boot$' >"$work/new"; cat "$work/new"; [ "$(wc -l <"$work/new")" = "$1" ]; }
check "it stores four files" stores 4
apply
check "a second apply" ends 0
check "it changes nothing" same applied
{ grep -v ^proc/ "$work/before" && grep ^proc/ "$work/applied"; } >"$work/removed"
unpersist
check "unpersist" ends 0
check "it leaves no trace" same removed

# --- killed, or a call fails ------------------------------------------------------------------

# What a killed run cannot remove any more is the new file beside the one that it replaces.
untouched() {
	foreign | grep -v '/\.[^/]*\.hosttune-new' | diff "$work/foreign" - >"$work/diff" || { cat "$work/diff" && false; }
}

# Each of hosttune's files is that of a whole run, or absent.
whole() { ! state | grep 'hosttune-node\|hosttune-boot-node\|boot/node' | grep -v '\.hosttune-new' | grep -vxFf "$work/applied"; }

# before COMMAND: a node on which it has something to do.
before() {
	fresh
	[ "$1" = apply ] || tool='' apply
}

# then_well COMMAND FILE...: each command runs well, and leads to the state of its file.
then_well() {
	while [ $# -gt 0 ]; do
		tool='' "$1"
		[ $status = 0 ] || { echo "$1 after it: status $status" && cat "$work/out" && return 1; }
		same "$2" || return 1
		shift 2
	done
}

# killed FIRST COMMAND [COMMAND FILE]...: what follows repairs what a kill of the first one left, before
# its call FIRST and, of the many of apply, each one so many later.
killed() {
	first=$1 command=$2 stride=1
	[ "$command" != apply ] || stride=$step
	shift 2
	before "$command"
	tool="$B/kill-at 0 all $work/calls" "$command"
	calls=$(wc -l <"$work/calls")
	for number in $(seq "$first" "$stride" "$calls"); do
		before "$command"
		tool="$B/kill-at $number all $work/list" "$command"
		{ [ $status = 137 ] && untouched && whole && then_well "$@"; } || {
			echo "before call $number of $calls, $(sed -n "${number}p" "$work/calls"), status $status"
			return 1
		}
	done
	echo "$calls calls"
	[ "$calls" -gt 20 ]
}

# failing FIRST COMMAND [COMMAND FILE]...: the same for calls that fail, wherever it begins.
failing() {
	command=$2
	shift 2
	before "$command"
	tool="$B/fail-at 0 once:EIO $work/calls" "$command"
	calls=$(wc -l <"$work/calls") tried=0
	for error in $errors; do
		for number in $(seq $((tried % every + 1)) "$every" "$calls"); do
			before "$command"
			named=$(call_named "$work/calls" "$number")
			tool="timeout 20 $B/fail-at ${named#* } once:$error:${named% *} $work/list" "$command"
			tried=$((tried + 1))
			{ [ $status -le 8 ] && untouched && whole && then_well "$@"; } || {
				echo "$error at call $number of $calls, $(sed -n "${number}p" "$work/calls"), status $status"
				return 1
			}
		done
	done
	echo "$tried of $calls calls"
	[ "$calls" -gt 100 ]
}

for fault in killed failing; do
	check "$fault: apply, then apply and unpersist" $fault 1 apply apply applied unpersist removed
	check "$fault: apply, then unpersist" $fault $((step > 1 ? 2 : 1)) apply unpersist stored/before
	check "$fault: apply, then revert" $fault $((step > 2 ? 3 : 1)) apply revert stored/before
	check "$fault: unpersist, then unpersist" $fault 1 unpersist unpersist removed
	# a kill between open and write empties a plain file, which is no value to restore
	check "$fault: revert, then revert" $fault 1 revert revert stored/before
done

# --- /etc that cannot be written ----------------------------------------------------------------

{ cat "$work/node.yaml" && echo 'persist: true'; } >"$work/asked.yaml"

read_only() { mount --bind "$root/etc" "$root/etc" && mount -o remount,bind,ro "$root/etc"; }
# full PAGES: a file system with so many free pages; each file needs one.
full() {
	cp -a "$root/etc" "$work/etc"
	mount -t tmpfs -o size=256k none "$root/etc"
	cp -a "$work/etc/." "$root/etc"
	rm -rf "${work:?}/etc"
	dd if=/dev/zero of="$root/etc/fill" bs=4k status=none 2>/dev/null
	truncate -s "-$((4 * $1))K" "$root/etc/fill"
}

apply_asked() { hosttune apply --no-api --root "$root" "$work/asked.yaml"; }
audit_asked() { hosttune audit --no-api --root "$root" -v "$work/asked.yaml"; }
# exits COMMAND STATUS TEXT
exits() {
	"$1"
	ends "$2" && said "$3"
}
live() { grep -qx "$1" "$root/proc/sys/vm/swappiness"; }
none_new() { ! state | grep 'hosttune-new'; }

for condition in read_only 'full 0'; do
	case $condition in
	read_only) why='Read-only file system' ;;
	*) why='No space left on device' ;;
	esac
	fresh
	$condition
	check "$condition: apply says so, and is no error" exits apply 0 "$why"
	check "$condition: the values are live" live 10
	check "$condition: with persist: true, it is an error" exits apply_asked 3 "$why"
	check "$condition: the audit reports it" exits audit_asked 1 NotPersisted
	check "$condition: nothing is stored" test "$(state | grep -c 'etc/.*hosttune-')" = 0
	umount "$root/etc"
done
fresh
full 2
check "room for two of three files: an error" exits apply 3 'No space left on device'
check "the values are live" live 10
check "each file is whole or absent" whole
check "no temporary file is left" none_new
check "revert" exits revert 0 restored
check "it removes them" test "$(state | grep -c 'etc/.*hosttune-')" = 0
umount "$root/etc"
fresh
apply
read_only
check "read-only: unpersist says so" exits unpersist 3 'Read-only file system'
check "nothing was removed" same applied
check "read-only: revert says so" exits revert 3 'Read-only file system'
check "the values are as before" live 60
umount "$root/etc"
check "writable again: revert" exits revert 0 restored
check "all is as before" same before
summary
