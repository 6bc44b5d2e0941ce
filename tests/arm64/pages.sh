#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What depends on the size of pages, on a kernel whose pages have 16 KiB; and the main job.
#
# usage: tests/vm/run -k arm64-16k -d 4 -s 320M -- tests/arm64/pages.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
page=16384

profile() {
	cat >"$work/pages.yaml"
	t_run "$hosttune" apply -v "$work/pages.yaml"
}

value() {
	cat "/proc/sys/$1"
}

"$hosttune" facts >"$work/facts"
t_is "the fact" "page_size: $page" "$(grep page_size "$work/facts")"
t_is "the architecture" aarch64 "$(uname -m)"

profile <<-END
	version: 1
	sysctl:
	  fs.pipe-max-size: 6000
	  vm.min_free_kbytes: "= 4096 * page_size / 1KiB"
END
t_status "values that the kernel rounds to pages" 0
t_is "a pipe has at least one page" $page "$(value fs/pipe-max-size)"
t_is "a formula with the size of a page" 65536 "$(value vm/min_free_kbytes)"
t_run "$hosttune" audit "$work/pages.yaml"
t_status "the audit agrees" 0

drive=$(drive_by_serial AWS00000000000000001)
profile <<-END
	version: 1
	storage:
	  - name: data
	    disks: {serial: AWS00000000000000001, model: QEMU NVMe Ctrl}
	    format: xfs
	    mount: /mnt/data
	    queue: {read-ahead: 20KiB}
END
t_status "XFS, whose blocks are smaller than pages" 0
t_is "it is mounted" "$drive" "$(findmnt -no SOURCE /mnt/data)"
t_is "read-ahead has whole pages" 16 "$(cat "/sys/block/${drive##*/}/queue/read_ahead_kb")"
t_run "$hosttune" audit "$work/pages.yaml"
t_status "the audit agrees with whole pages" 0
t_done
