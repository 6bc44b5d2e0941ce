#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make lib/sysctl/known/keys.def: all sysctls of both kernels, with what each accepts, found
# out by writing and reading back in the test VM. It takes some four minutes.
#
# usage: tests/vm/sysctl-keys.sh [relations]     (after make tests)
#
# With `relations`, also print which keys change when another is written; that takes an hour.
#
# In the guest: tests/vm/sysctl-keys.sh guest
set -eu
cd "$(dirname "$0")/../.."
keys=${HOSTTUNE_B:-${B:-build}}/sysctl-keys

# In the guest: scan the kernel's own keys, then those that each module adds.
guest() {
	ip link set lo up
	: >/out/scan
	for module in - $(cat /out/modules); do
		[ "$module" = - ] || modprobe "$module" || echo "# $module is not loaded" >&2
		cp /out/scan /out/known
		$keys scan "$module" /out/known >>/out/scan
	done 2>/out/scan.log || {
		tail -n 20 /out/scan.log
		exit 1
	}
	[ "${HOSTTUNE_RELATIONS:-}" = "" ] || $keys relations >/out/relations
}

# Print all modules below the directory $1, and before each those that it needs.
in_order() {
	LC_ALL=C sort -t : -k 1,1 "$1/modules.dep" | awk -F ': *' '
	{ needs[$1] = $2; name[NR] = $1 }
	function visit(module,   list, n, i) {
		if (module in done)
			return
		done[module] = 1
		n = split(needs[module], list, " ")
		for (i = 1; i <= n; i++)
			visit(list[i])
		print module
	}
	END { for (i = 1; i <= NR; i++) visit(name[i]) }'
}

# Print the names of those that register sysctls.
modules() {
	in_order "$1" | while read -r module; do
		case $module in
		*.xz) xz -dc "$1/$module" ;;
		*) cat "$1/$module" ;;
		esac | grep -qaE 'register_net_sysctl|register_sysctl' || continue
		basename "$module" | sed 's/[.]ko.*//; s/-/_/g'
	done
}

if [ "${1:-}" = guest ]; then
	guest
	exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ "${1:-}" != relations ] || export HOSTTUNE_RELATIONS=1
export HOSTTUNE_B="${B:-build}"
tests/vm/fetch-kernels
for kernel in 6.1 6.12; do
	mkdir "$work/$kernel"
	for dir in "${B:-build}/vm/$kernel"/lib/modules/*; do
		modules "$dir"
	done >"$work/$kernel/modules"
	tests/vm/run -k $kernel -m 3G -t 3600 -o "$work/$kernel" -- tests/vm/sysctl-keys.sh guest
	[ ! -s "$work/$kernel/relations" ] || cat "$work/$kernel/relations"
done
$keys table "$work"/*/scan >"$work/keys.def"
mv "$work/keys.def" lib/sysctl/known/keys.def
wc -l lib/sysctl/known/keys.def
