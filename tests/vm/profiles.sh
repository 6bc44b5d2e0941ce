#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Every built-in profile applies, audits clean, and changes nothing the second time.
#
# usage: tests/vm/run -d 1 -s 320M -- tests/vm/profiles.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
backing=$(drive_by_serial AWS00000000000000001)
modprobe xfs
instance_store_drive AWS1111 "$backing" >/dev/null

for profile in profiles/*.yaml; do
	name=$(basename "$profile" .yaml)
	t_ok "$name: no warnings" sh -c "! '$hosttune' validate '$name' 2>&1 | grep -q warning:"
	t_ok "$name: apply" "$hosttune" apply -v "$name"
	t_ok "$name: audit clean" "$hosttune" audit "$name"
	t_ok "$name: nothing to change" sh -c "'$hosttune' apply -o json '$name' | jq -e '.summary.changed == 0'"
	umount /mnt/data /mnt/block /mnt/disks/local 2>/dev/null
done

# a higher value is not lowered
for key in net.core.rmem_max net.core.wmem_max fs.inotify.max_user_watches; do
	sysctl -qw $key=1073741823
done
for profile in profiles/*.yaml; do
	"$hosttune" apply "$(basename "$profile" .yaml)" >/dev/null 2>&1
	umount /mnt/data /mnt/block /mnt/disks/local 2>/dev/null
done
for key in net.core.rmem_max net.core.wmem_max fs.inotify.max_user_watches; do
	t_is "$key: not lowered" 1073741823 "$(sysctl -n $key)"
done
t_done
