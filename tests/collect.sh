#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What a bundle says of this machine where files of /proc are replaced: in separate namespaces.
set -u
cd "$(dirname "$0")/.." || exit 1
H=$(realpath -e "${B:-build}/hosttune")
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-collect-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
. tests/tap.sh
chmod 0755 "$work"

if ! unshare -m -p --fork --mount-proc true 2>/dev/null; then
	skip "bundles of other machines" "needs separate namespaces"
	summary
	exit
fi

# with_file FILE OTHER COMMAND: run it as process 1's child, with OTHER in place of FILE.
with_file() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare -m -p --fork --mount-proc sh -c 'mount --bind "$2" "$1" && eval "$3"' sh "$1" "$2" "$3"
}

# ends_with STATUS TEXT COMMAND...: it exits with STATUS and prints TEXT.
ends_with() {
	expected=$1 text=$2 ended=0
	shift 2
	"$@" >"$work/printed" 2>&1 </dev/null || ended=$?
	cat "$work/printed"
	[ "$ended" = "$expected" ] && grep -qF -e "$text" "$work/printed"
}

cat >"$work/swappiness.yaml" <<'END'
version: 1
sysctl:
  vm.swappiness: {value: 7, optional: true}
END

# --- process 1 is that of a container -----------------------------------------------------

id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
slice=kubepods-burstable-pod11111111_2222_3333_4444_555555555555.slice
echo "0::/kubepods.slice/kubepods-burstable.slice/$slice/cri-containerd-$id.scope" >"$work/cgroup"
check "process 1 of a container" with_file /proc/1/cgroup "$work/cgroup" "'$H' collect '$work/one.tar'"
once() { [ "$(tar tf "$work/one.tar" | grep -cx "root/proc/1/$1")" = 1 ]; }
check "its mounts are there once" once mountinfo
check "its cgroup is there" once cgroup
check "the bundle can be read" ends_with 1 'vm.swappiness' "$H" audit --bundle "$work/one.tar" "$work/swappiness.yaml"

# --- a directory that cannot be listed ----------------------------------------------------

mkdir -m 0700 "$work/vm" && echo 60 >"$work/vm/swappiness"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	install -d -o 65534 "$work/out"
	# the directory of the checkout may be closed to others
	cp "$H" "$work/hosttune" && chmod 0755 "$work/hosttune"
	check "collected as another user" with_file /proc/sys/vm "$work/vm" \
		"setpriv --reuid 65534 --regid 65534 --clear-groups '$work/hosttune' collect '$work/out/other.tar'"
	check "what is below is unknown, not absent" \
		ends_with 3 'Permission denied' "$H" audit --bundle "$work/out/other.tar" "$work/swappiness.yaml"
else
	skip "a directory that another user cannot list" "needs root and setpriv"
fi

# --- servers of network file systems ------------------------------------------------------

{
	cat /proc/1/mountinfo
	echo '999 1 0:99 / /mnt/share rw shared:1 - cifs //10.9.8.7/export rw,username=alice,addr=10.9.8.7'
} >"$work/mountinfo"
check "with a network file system" with_file /proc/1/mountinfo "$work/mountinfo" "'$H' collect '$work/share.tar'"
tar xOf "$work/share.tar" root/proc/1/mountinfo >"$work/kept"
is_reduced() {
	cat "$work/kept"
	grep -q ' /mnt/share .* - cifs none rw$' "$work/kept" && ! grep -q 'alice\|10\.9\.8\.7' "$work/kept"
}
check "no server and no user are kept" is_reduced

summary
