#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# As process 1 of the VM (tests/vm/run -I): continue with systemd on the first drive.
# The stage of tests/deb/guest.sh is a unit of it.
set -eu
exec >/dev/kmsg 2>&1

stage=$1
mkdir -p /system
# of the network card, too: udev renames it while the units start, as on real machines
modprobe -a ext4 e1000e
mount --make-rprivate /
# names follow the order in which drives answer
for drive in /sys/class/block/nvme*n1; do
	! grep -q 'AWS00000000000000001' "$drive/device/serial" || root=/dev/${drive##*/}
done
mount -t ext4 "$root" /system
mkdir -p /system/vm "/system/lib/modules/$(uname -r)"
mount --move /run/vm /system/vm
mount --bind "/lib/modules/$(uname -r)" "/system/lib/modules/$(uname -r)"
cp tests/deb/guest.sh /system/guest.sh
cat >/system/etc/systemd/system/stage.service <<END
[Unit]
Description=stage $stage
[Service]
# after all units of the boot, whatever their targets
ExecStart=/bin/sh -c 'systemctl is-system-running --wait; exec sh /guest.sh $stage'
StandardOutput=file:$(echo /dev/vport*p1)
StandardError=inherit
END
mkdir -p /system/etc/systemd/system/multi-user.target.wants
ln -sf ../stage.service /system/etc/systemd/system/multi-user.target.wants/stage.service
# no fsck, no login; this is a test machine
ln -sf /dev/null /system/etc/systemd/system/getty.target
: >/system/etc/fstab
exec switch_root /system /sbin/init
