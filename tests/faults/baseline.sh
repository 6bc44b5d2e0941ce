#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make each file and directory of a captured node unreadable in turn: a link to itself gives
# ELOOP, as others give EACCES or EIO. A comparison with the baseline must say what it could not
# read (status 3), and no change that did not happen; so must one with the baseline saved then.
set -u
LC_ALL=C
export LC_ALL
B=$(cd "${B:-build}" && pwd) || exit 2
H=$B/hosttune
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-baseline-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

. tests/tap.sh

root=$work/root

# What a baseline does not depend on: what drives are in use for, whether they can be written,
# the number of a namespace whose drive has no other, the logs of pods but for their names,
# processors, and device numbers that no mount has.
cat >"$work/unused" <<'END'
proc/self
proc/self/mountinfo
proc/swaps
sys/block/md127/md/array_state
sys/block/md127/slaves/nvme2n1
sys/block/md127/slaves/nvme2n1/dev
sys/block/md127/slaves/nvme3n1
sys/block/md127/slaves/nvme3n1/dev
sys/block/nvme0n1/dev
sys/block/nvme2n1/dev
sys/block/nvme3n1/dev
sys/devices
END

is_unused() {
	case $1 in
	sys/devices/* | sys/block/*/ro | sys/block/*/nsid | var/log/pods/*) return 0 ;;
	*) grep -qxF -e "$1" "$work/unused" ;;
	esac
}

save() { "$H" baseline save --no-api -q --root "$root" "$1" "$work/profile.yaml" --pod default/db-0; }

# compared WHAT STATUS FILE...: there are notes on top of those without a fault, and no change.
compared() {
	what=$1 status=$2
	shift 2
	"$H" baseline compare --no-api --root "$root" "$@" -o json >"$work/out" 2>&1
	code=$?
	counts=$(jq -r '"\(.changes | length) \(.notes | length)"' "$work/out")
	[ "$code" = "$status" ] && [ "${counts% *}" = 0 ] && [ "${counts#* }" -gt "$sound" ] && return
	echo "$what: status $code, changes and notes: $counts"
	jq -c '.changes[], .notes[]' "$work/out"
	return 1
}

# The file $1 is unreadable at the second look, or at the first.
unreadable() {
	mv "$root/$1" "$work/aside"
	ln -s "$(basename "$1")" "$root/$1"
	compared "$1" 3 "$work/before.json"
	r=$?
	save "$work/unread.json"
	rm "$root/$1"
	mv "$work/aside" "$root/$1"
	compared "$1, two files" 3 "$work/before.json" "$work/unread.json" &&
		compared "$1, in the baseline" 0 "$work/unread.json" && return $r
}

# All files that matter, at once: it is one property.
all_unreadable() {
	failed_files=0 files=0
	for file in $(cd "$root" && find . -mindepth 2 \( -type f -o -type d \) -printf '%P\n' | sort); do
		is_unused "$file" && continue
		files=$((files + 1))
		unreadable "$file" || failed_files=$((failed_files + 1))
	done
	[ $failed_files = 0 ] && [ $files -gt 60 ]
}

cp -R tests/cases/baseline-captured/root "$root"
mkdir -p "$root/proc/sys/net/ipv4/conf/eth0"
echo 1 >"$root/proc/sys/net/ipv4/conf/eth0/rp_filter"
cat >"$work/profile.yaml" <<'END'
version: 1
sysctl: {vm.swappiness: 10, net.ipv4.conf.*.rp_filter: 1}
END
save "$work/before.json"
check "in sync without a fault" "$H" baseline compare --no-api --root "$root" "$work/before.json" -o json
sound=$(jq '.notes | length' "$work/why")
check "what cannot be read is no change, and is not unchanged" all_unreadable
summary
