#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The part of the demo that runs in the VM: a host with Bottlerocket's layout and an NFS
# server with 64 threads, and hosttune as its bootstrap container.
. tests/vm/guest.sh

B=$HOSTTUNE_B

say() {
	printf '\n=== %s\n' "$*"
}

show() {
	printf '$ %s\n' "$*"
	"$@" || printf '(exit status %d)\n' $?
}

in_container() {
	printf '$ hosttune %s\n' "$*"
	bootstrap_container hosttune /run/rootfs /usr/bin/hosttune "$@" || printf '(exit status %d)\n' $?
}

state() {
	show lsblk -o NAME,MODEL,SERIAL,SIZE,MOUNTPOINTS "$one" "$two" "$ebs"
	for drive in "$one" "$two" "$ebs"; do
		printf '%s: %s\n' "$drive" "$(blkid -p -o value -s TYPE -s LABEL "$drive" | xargs | grep . || echo blank)"
	done
	show sysctl vm.vfs_cache_pressure vm.min_free_kbytes net.ipv4.tcp_rmem
	printf 'nfsd threads: %s\n' "$(cat /proc/fs/nfsd/threads)"
	findmnt -n /mnt/data || echo "/mnt/data: nothing is mounted"
}

bottlerocket_host
ebs_backing=$(drive_by_serial AWS00000000000000003)
mkfs.ext4 -q "$ebs_backing"
mkdir /run/ebs && mount "$ebs_backing" /run/ebs && echo "precious" >/run/ebs/data && umount /run/ebs
ebs_sum=$(sha256sum <"$ebs_backing")
one=$(instance_store_drive AWS1111 "$(drive_by_serial AWS00000000000000001)")
two=$(instance_store_drive AWS2222 "$(drive_by_serial AWS00000000000000002)")
ebs=$(ebs_drive vol3333 "$ebs_backing")
mount -t nfsd nfsd /proc/fs/nfsd
echo "-2 -3" >/proc/fs/nfsd/versions
echo 64 >/proc/fs/nfsd/threads
"$B/api-stub" --daemonize --pid-file /run/api.pid --log /run/api.log --save /run/settings.json /run/api.sock
cp -r "$B/rootfs" /run/rootfs
mkdir -p /local/bootstrap-containers/hosttune
"$B/hosttune" profiles nfs-server >/local/bootstrap-containers/hosttune/user-data

say "Before"
state
say "The plan (an audit, with the rights of a bootstrap container)"
in_container audit
say "Apply (as Bottlerocket starts it: without arguments, the user data is the profile)"
in_container
say "Requests to the Bottlerocket API"
sed 's/^/  /' /run/api.log
show jq -c '.kernel.sysctl | with_entries(select(.key | test("^vm")))' /run/settings.json
say "Audit again"
in_container audit
say "After"
state
say "The EBS drive"
if [ "$ebs_sum" = "$(sha256sum <"$ebs_backing")" ]; then
	echo "byte-identical: $ebs_sum"
else
	echo "CHANGED"
	exit 1
fi
