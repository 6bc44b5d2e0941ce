# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A drive that stops answering: QEMU lets it write some kilobytes a second (tests/vm/run -b).

what nvme_timeout "the drive takes 1 KiB a second, and requests time out after 5 s" "timeout"
stage_nvme_timeout() {
	one=$(drive_by_serial AWS00000000000000001)
	echo 5000 >"/sys/block/$(basename "$one")/queue/io_timeout"
	timeout 60 dd if=/dev/zero of="$one" bs=64k count=10 oflag=direct &
	sleep 30
}
