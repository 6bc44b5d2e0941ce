#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# One boot of the power-cut campaign: tests/vm/torture.sh cuts the power in the first boot,
# and checks in the second whether the node converges.
#
# usage: tests/vm/run -D DIR -o OUT -d 3 -s 320M -- tests/vm/cut.sh SCENARIO begin|check
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
scenario=$1
modprobe -a xfs raid0
profile=/run/profile.yaml

. tests/vm/scenario.sh

case $2 in
begin)
	: >/out/begun
	"$hosttune" apply -v $profile >/out/first 2>&1
	echo $? >/out/ended
	sync
	;;
check)
	t_ok "apply after the cut" "$hosttune" apply $profile
	t_ok "audit is clean" "$hosttune" audit $profile
	for mount in $mounts; do
		t_is "$mount: options" rw,noatime,nodiratime "$(findmnt -no VFS-OPTIONS "$mount")"
		t_ok "$mount: a file can be written" sh -c "echo new >$mount/new && sync $mount/new"
	done
	[ "$scenario" != data ] || t_is "the file is kept" kept "$(cat /mnt/data/file)"
	t_done
	;;
esac
