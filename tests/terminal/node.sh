#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# node.sh DIR : write the captured root of a node at its first audit: an m6i.2xlarge, which
# has no instance store, with the kernel's defaults.
set -eu
root=$1

put() {
	mkdir -p "$root/$(dirname "$1")"
	printf '%s\n' "$2" >"$root/$1"
}

# drive NAME MODEL SERIAL SECTORS NUMBERS
drive() {
	put "sys/block/$1/device/model" "$2"
	put "sys/block/$1/device/serial" "$3"
	put "sys/block/$1/nsid" 1
	put "sys/block/$1/size" "$4"
	put "sys/block/$1/ro" 0
	put "sys/block/$1/dev" "$5"
}

put proc/sys/kernel/osrelease 6.1.102
put proc/sys/kernel/hostname ip-10-0-1-23
put proc/sys/kernel/arch x86_64
put proc/meminfo 'MemTotal:       32509952 kB'
put sys/devices/system/cpu/online 0-7
put sys/devices/system/node/online 0
put sys/class/dmi/id/sys_vendor 'Amazon EC2'
put sys/class/dmi/id/product_name m6i.2xlarge
put etc/os-release 'VARIANT_ID=aws-k8s-1.31'

# the rings of a card are asked for by ioctl, which a captured root does not have
put sys/class/net/lo/mtu 65536
put proc/modules 'xfs 2011136 1 - Live 0x0000000000000000'
put lib/modules/6.1.102/modules.dep 'kernel/fs/nfsd/nfsd.ko: kernel/net/sunrpc/sunrpc.ko
kernel/net/sunrpc/sunrpc.ko:'
put lib/modules/6.1.102/modules.builtin 'kernel/fs/ext4/ext4.ko'

put proc/sys/vm/dirty_background_bytes 0
put proc/sys/vm/dirty_bytes 0
put proc/sys/vm/min_free_kbytes 67584
put proc/sys/vm/vfs_cache_pressure 100
put proc/sys/vm/zone_reclaim_mode 0
put proc/sys/vm/swappiness 60
put proc/sys/net/ipv4/tcp_rmem '4096	131072	6291456'
put proc/sys/net/ipv4/tcp_wmem '4096	20480	4194304'
put proc/sys/net/core/rmem_max 212992
put proc/sys/net/core/wmem_max 212992
put proc/sys/net/ipv4/tcp_slow_start_after_idle 1

put proc/swaps 'Filename				Type		Size		Used		Priority'
put proc/1/mountinfo '1 0 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw'
put proc/self/mountinfo '1 0 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw'
drive nvme0n1 'Amazon Elastic Block Store' vol0a1b2c3d4e5f60718 41943040 259:0
put sys/block/nvme0n1/nvme0n1p1/partition 1
put sys/block/nvme0n1/nvme0n1p1/dev 259:1
drive nvme1n1 'Amazon Elastic Block Store' vol0f1e2d3c4b5a60719 209715200 259:2
printf 'caf\351 \033[31mred\033[0m core\n' >"$root/proc/sys/kernel/core_pattern"
