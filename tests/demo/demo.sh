#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# make demo: show the main job in a VM. KERNEL=6.12 selects the newer kernel. RECORD=1 also
# writes what it shows to docs/demo.txt, from which make docs makes docs/demo.svg.
set -eu
cd "$(dirname "$0")/../.."
echo "Fetching Debian's kernels, once ..."
tests/vm/fetch-kernels
tests/vm/run --probe -k "${KERNEL:-6.1}"
echo "Booting a VM with kernel ${KERNEL:-6.1}, two instance-store drives and an EBS drive ..."
export HOSTTUNE_B="${B:-build}"
set -- tests/vm/run -k "${KERNEL:-6.1}" -d 3 -s 320M -t 1800 -- tests/demo/guest.sh
[ "${RECORD:-}" ] || exec "$@"
trap 'rm -f docs/demo.txt.tmp' EXIT
"$@" >docs/demo.txt.tmp
sed '1{/^$/d}' docs/demo.txt.tmp >docs/demo.txt
cat docs/demo.txt
