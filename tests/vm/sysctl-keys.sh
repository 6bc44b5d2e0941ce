#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Make lib/sysctl/known/keys.def: all sysctls of both kernels, with what each accepts, found
# out by writing and reading back in the test VM. It takes some four minutes.
#
# usage: tests/vm/sysctl-keys.sh [relations]
#
# With `relations`, also print which keys change when another is written; that takes longer.
#
# In the guest: tests/vm/sysctl-keys.sh guest
set -eu
cd "$(dirname "$0")/../.."
keys=tests/vm/sysctl_keys.py

if [ "${1:-}" = guest ]; then
	python3 $keys scan /out/modules >/out/scan 2>/out/scan.log || {
		tail -n 20 /out/scan.log
		exit 1
	}
	[ "${HOSTTUNE_RELATIONS:-}" = "" ] || python3 $keys relations >/out/relations
	exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ "${1:-}" != relations ] || export HOSTTUNE_RELATIONS=1
tests/vm/fetch-kernels
for kernel in 6.1 6.12; do
	mkdir "$work/$kernel"
	python3 $keys modules "${B:-build}/vm/$kernel"/lib/modules/* >"$work/$kernel/modules"
	tests/vm/run -k $kernel -m 3G -t 3000 -o "$work/$kernel" -- tests/vm/sysctl-keys.sh guest
	[ ! -s "$work/$kernel/relations" ] || cat "$work/$kernel/relations"
done
python3 $keys table "$work"/*/scan >lib/sysctl/known/keys.def.tmp
mv lib/sysctl/known/keys.def.tmp lib/sysctl/known/keys.def
wc -l lib/sysctl/known/keys.def
