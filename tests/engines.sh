#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The image in docker, podman and containerd, by their archives and from a registry: in the VM,
# where tests/vm/engines.sh says how. Part of make check-full.
#
# If the image was not built, or a tool is absent (packaging/deps.sh engines), it is skipped.
set -u
cd "$(dirname "$0")/.." || exit 1
export B="${B:-build}"
kernel=6.12

obstacle() {
	[ -e "$B/image/digest" ] || { echo "the image was not built: make image" && return; }
	for tool in dockerd docker podman skopeo docker-registry ctr jq; do
		command -v $tool >/dev/null || { echo "$tool: command not found: packaging/deps.sh engines" && return; }
	done
	{ tests/vm/fetch-kernels $kernel >&2 && tests/vm/run --probe -k $kernel; } 2>&1 | tail -n 1
}

why=$(obstacle)
if [ "$why" ]; then
	echo "ok - the image in docker and podman # SKIP $why"
	exit
fi
version=$(sed -n 's/^VERSION *:= *//p' Makefile)
HOSTTUNE_B=$B tests/vm/run -k $kernel -d 1 -s 2G -m 3G -t 1800 -- tests/vm/engines.sh "$version" ||
	echo "not ok - the guest ended with $?"
