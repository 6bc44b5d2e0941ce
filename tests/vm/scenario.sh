# shellcheck shell=sh disable=SC2154,SC2034 # scenario, profile, mounts: the caller's
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For the campaigns of tests/vm/torture.sh: write the profile of $scenario to $profile,
# and set `mounts` to its mount points. Drive 3 has the selected model and holds foreign
# data: it must never change.

serial='[AWS00000000000000001, AWS00000000000000002]'
mount=/mnt/data mounts=/mnt/data more=''
case $scenario in
single | data | half) serial=AWS00000000000000001 ;;
array | cut) more=', array: raid0' ;;
each) mount='/mnt/{index}' mounts='/mnt/0 /mnt/1' ;;
esac
cat >"$profile" <<END
version: 1
sysctl: {vm.swappiness: 11}
storage:
  - {name: data, disks: {model: QEMU NVMe Ctrl, serial: $serial}$more, label: ours, mount: '$mount', options: [noatime, nodiratime]}
END
