#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What hosttune does not take from its caller (descriptors, environment, umask, directory,
# limits), what its tools get, and which profiles it warns of.
#
# usage: tests/power.sh
set -u
cd "$(dirname "$0")/.." || exit 1
B=$(realpath -e "${B:-build}")
H=$B/hosttune
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-power-XXXXXX") || exit 2
trap 'chmod -R u+rwX "$work"; rm -rf --one-file-system "$work"' EXIT

. tests/tap.sh

root=$work/root

# put FILE TEXT: write a file below the root.
put() {
	mkdir -p "$root${1%/*}"
	printf '%s\n' "$2" >"$root$1"
}

# A root with one blank drive, in which mkfs.xfs, mdadm and modprobe show what they get.
make_root() {
	rm -rf "$root"
	put /sys/block/nvme0n1/device/model "Amazon EC2 NVMe Instance Storage"
	put /sys/block/nvme0n1/device/serial AWS1
	put /sys/block/nvme0n1/wwid eui.1
	put /sys/block/nvme0n1/nsid 1
	put /sys/block/nvme0n1/dev 259:1
	put /sys/block/nvme0n1/size 655360
	put /sys/block/nvme0n1/ro 0
	put /sys/block/nvme0n1/hidden 0
	mkdir -p "$root/sys/block/nvme0n1/holders" "$root/dev" "$root/run" "$root/mnt"
	truncate -s 320M "$root/dev/nvme0n1"
	put /proc/1/mountinfo "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw"
	put /proc/self/mountinfo "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw"
	put /proc/swaps "Filename Type Size Used Priority"
	put /proc/sys/kernel/osrelease 6.12.0-test
	put /proc/sys/vm/swappiness 60
	mkdir -p "$root/usr/sbin"
	cp "$B/show" "$root/usr/sbin/mkfs.xfs"
}

cat >"$work/profile.yaml" <<'END'
version: 1
sysctl: {vm.swappiness: 10}
storage:
  - {name: data, disks: {count: 1}}
END

# --- what a tool gets -----------------------------------------------------------------------

shown() { grep -c "^$1" "$root/shown" | tee /dev/stderr | grep -qx "$2"; }
runs() { grep -c '^run' "$root/shown"; }

if [ "$(id -u)" = 0 ]; then
	make_root
	(
		umask 0
		# shellcheck disable=SC3045 # each sh of Linux has -c
		ulimit -c unlimited
		exec 7<"$work/profile.yaml" 9>>"$work/left-open" </dev/null
		LD_AUDIT='' SECRET=x TZ=/etc/shadow exec "$H" apply --root "$root" --no-api "$work/profile.yaml"
	) >"$work/out" 2>&1
	check "apply runs mkfs.xfs" test "$(runs)" -ge 1
	check "a tool has no descriptor but 0, 1 and 2" shown 'fd ' $((3 * $(runs)))
	check "a tool has two variables" shown 'env ' $((2 * $(runs)))
	check "a tool has PATH" shown 'env PATH=/usr/sbin:/usr/bin:/sbin:/bin$' "$(runs)"
	check "a tool has LC_ALL" shown 'env LC_ALL=C$' "$(runs)"
	check "a tool writes no core" shown 'core 0$' "$(runs)"
	check "a tool has no limit of memory" shown 'as unlimited$' "$(runs)"
	check "a tool makes files that only root writes" shown 'umask 022$' "$(runs)"
	check "a tool gains no privileges" shown 'no_new_privs 1$' "$(runs)"
else
	skip "what a tool gets" "needs root"
fi

# All tools are run in one place, so that the above is true of mdadm and modprobe, too.
places() { git grep -lE '\b(exec[lv]p?e?|execveat|posix_spawnp?|system|popen)\(' -- lib cmd; }
check "tools are run in one place" test "$(places)" = lib/host/process/exec.c

# --- umask ----------------------------------------------------------------------------------

others_write() { find "$work/made" "$root/run" ! -type l -perm /022 | grep .; }
mkdir "$work/made"
make_root
(
	umask 0
	"$H" apply --root "$root" --no-api -o "json=$work/made/report" "$work/profile.yaml"
	"$H" baseline save --root "$root" "$work/made/baseline"
	"$H" collect --root / --no-api "$work/made/bundle"
) >"$work/out" 2>&1
check "umask 0: files are made" test -s "$work/made/report" -a -s "$work/made/baseline" -a -d "$root/run/hosttune"
check "umask 0: nobody else can write to them" eval '! others_write'

# --- descriptors ----------------------------------------------------------------------------

# closed WORDS...: apply with these descriptors closed: the drive and the report are as with
# open ones.
closed() {
	make_root
	rm -f "$work/report"
	eval "'$H' audit --root '$root' --no-api -o 'json=$work/report' '$work/profile.yaml' $*"
	[ $? -eq 1 ] && jq -e '.summary' "$work/report" >/dev/null &&
		[ "$(tr -d '\0' <"$root/dev/nvme0n1" | wc -c)" -eq 0 ]
}
check "closed standard input" closed '<&- >/dev/null 2>&1'
check "closed standard output" closed '</dev/null >&- 2>/dev/null'
check "closed standard error" closed '</dev/null >/dev/null 2>&-'
check "all three closed" closed '<&- >&- 2>&-'

# While it reads its profile from a pipe, /proc has the limits of the process.
mkfifo "$work/pipe"
limits_of_running() {
	"$H" validate -o "json=$work/written" - <"$work/pipe" >"$work/out" 2>&1 9<"$work/profile.yaml" &
	pid=$!
	exec 8>"$work/pipe"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(awk '/NoNewPrivs/ { print $2 }' "/proc/$pid/status")" = 1 ] && break
		sleep 0.1
	done
	cat "/proc/$pid/limits" "/proc/$pid/status"
	echo "flags of 9: $(awk '/flags/ { print $2 }' "/proc/$pid/fdinfo/9")"
	exec 8>&-
	wait "$pid"
} >"$work/running"
limits_of_running
check "no new privileges" grep -q '^NoNewPrivs:.*1' "$work/running"
check "no core dumps" grep -q '^Max core file size *0 *0' "$work/running"
if nm "$H" 2>/dev/null | grep -q __asan_init; then
	skip "at most 1 GiB of address space" "sanitizers reserve more"
else
	check "at most 1 GiB of address space" grep -q '^Max address space *1073741824 ' "$work/running"
fi
if nm "$H" 2>/dev/null | grep -q __asan_init; then
	skip "a command that reads files cannot write" "sanitizers need to"
else
	check "a command that reads files cannot write" grep -q '^Seccomp:.*2' "$work/running"
fi
check "what the caller left open is closed on exec" grep -q '^flags of 9: 02......$' "$work/running"

# --- environment and directory --------------------------------------------------------------

# same NAME COMMAND...: an audit below the root prints the same as without that.
same() {
	name=$1
	shift
	"$@" "$H" audit -v --root "$root" --no-api "$work/profile.yaml" >"$work/got" 2>&1
	check "$name" diff "$work/expected" "$work/got"
}
make_root
env -i "$H" audit -v --root "$root" --no-api "$work/profile.yaml" >"$work/expected" 2>&1
check "an audit has results" grep -q swappiness "$work/expected"
echo "garbage" >"$work/garbage"
for variable in LIBMOUNT_DEBUG=all LIBMOUNT_FSTAB="$work/garbage" LIBMOUNT_MTAB="$work/garbage" \
	BLKID_DEBUG=all BLKID_FILE="$work/garbage" BLKID_CONF="$work/garbage" \
	TZ=/etc/shadow TZDIR="$work" LC_ALL=tr_TR.UTF-8 LOCPATH="$work" LANGUAGE=xx \
	MALLOC_PERTURB_=170 MALLOC_CHECK_=3 ALL_PROXY=http://127.0.0.1:1 http_proxy=http://127.0.0.1:1 \
	TMPDIR="$work/missing" HOME="$work/missing" POSIXLY_CORRECT=1 IFS=/ GCONV_PATH="$work" \
	LD_LIBRARY_PATH="$work" LD_DEBUG_OUTPUT="$work/ld" PATH="$work"; do
	same "environment: ${variable%%=*}" env -i "$variable"
done

in_deleted() {
	mkdir "$work/gone"
	cd "$work/gone" && rmdir "$work/gone" && exec "$@"
}
in_hostile() {
	mkdir -p "$work/cwd"
	for name in nfs-server mkfs.xfs mdadm modprobe libyaml-0.so.2 root proc sys; do
		ln -sf /etc/shadow "$work/cwd/$name"
	done
	cd "$work/cwd" && exec "$@"
}
in_closed() {
	mkdir "$work/closed" && chmod 0 "$work/closed"
	cd "$work/closed" && exec "$@"
}
for place in in_deleted in_hostile in_closed; do
	(
		eval "$place '$H' audit -v --root '$root' --no-api '$work/profile.yaml'"
	) >"$work/got" 2>&1
	check "directory: $place" diff "$work/expected" "$work/got"
done
(in_hostile "$H" show --root "$root" --no-api nfs-server) >"$work/got" 2>&1
"$H" show --root "$root" --no-api nfs-server >"$work/expected" 2>&1
check "a built-in profile is not one of the directory" diff "$work/expected" "$work/got"

# --- profiles that others can change --------------------------------------------------------

# warns PATTERN FILE: apply --dry-run warns that others can change the file.
warns() {
	"$H" apply --dry-run --root "$root" --no-api "$2" >"$work/got" 2>&1
	cat "$work/got"
	grep -q "1:1: warning: profile .*: other users can change it: $1\$" "$work/got"
}
quiet() { ! warns '.*' "$1"; }
# without /proc, where the path of the open profile is
warns_without_proc() {
	unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh \
		"$H" apply --dry-run --root "$root" --no-api "$1" >"$work/got" 2>&1
	cat "$work/got"
	grep -q '1:1: warning: profile .*: whether other users can change it is unknown: /proc/self/fd/[0-9]*: No such file or directory$' "$work/got"
}

if [ "$(id -u)" = 0 ]; then
	mkdir "$work/own" "$work/open" "$work/theirs" "$work/sticky"
	for dir in own open theirs sticky; do cp "$work/profile.yaml" "$work/$dir/p.yaml"; done
	check "root's own profile: no warning" quiet "$work/own/p.yaml"
	if unshare -m true 2>/dev/null; then
		check "a profile whose path cannot be read" warns_without_proc "$work/own/p.yaml"
	else
		skip "a profile whose path cannot be read" "needs a separate mount namespace"
	fi
	chmod 666 "$work/own/p.yaml"
	check "a profile that every user can write to" warns 'every user can write to it (mode 0666)' "$work/own/p.yaml"
	chmod 664 "$work/own/p.yaml"
	chgrp 1234 "$work/own/p.yaml"
	check "a profile that a group can write to" warns 'group 1234 can write to it (mode 0664)' "$work/own/p.yaml"
	chown 1234 "$work/own/p.yaml"
	check "a profile of another user" warns 'user 1234 owns it' "$work/own/p.yaml"
	ln -s "$work/own/p.yaml" "$work/link.yaml"
	check "a link to a profile of another user" warns 'user 1234 owns it' "$work/link.yaml"
	printf 'version: 1\ninclude: [own/p.yaml]\n' >"$work/includes.yaml"
	check "a profile that includes one of another user" warns 'user 1234 owns it' "$work/includes.yaml"
	chmod 777 "$work/open"
	check "a profile in a directory that every user can write to" \
		warns "every user can write to the directory $work/open (mode 0777)" "$work/open/p.yaml"
	chmod 1777 "$work/sticky"
	check "a profile in a directory as /tmp: no warning" quiet "$work/sticky/p.yaml"
	chown 1234 "$work/theirs"
	check "a profile in a directory of another user" warns "user 1234 owns the directory $work/theirs" "$work/theirs/p.yaml"
	chown 1234 "$work/profile.yaml"
	"$H" validate "$work/profile.yaml" >"$work/got" 2>&1
	check "validate does not warn" test "$(grep -c warning "$work/got")" = 0
	mkdir -m 700 "$work/home"
	cp "$work/profile.yaml" "$work/home/p.yaml" && chmod 600 "$work/home/p.yaml"
	chown -R 1234 "$work/home"
	check "root reads the profile of a user" "$H" validate "$work/home/p.yaml"
	"$H" apply --dry-run --root "$root" --no-api /proc/self/ns/net >"$work/got" 2>&1
	check "a profile without a path" test $? = 2
	check "a profile without a path: why" \
		grep -q 'profile "/proc/self/ns/net": cannot be read: Invalid argument' "$work/got"
	if (: </dev/kmsg) 2>/dev/null; then
		"$H" diagnose --kmsg /dev/kmsg >"$work/got" 2>&1
		check "root reads the kernel log of this machine" test $? -le 1
	else
		skip "root reads the kernel log of this machine" "it cannot be read here"
	fi
else
	skip "profiles that others can change" "needs root"
fi
summary
