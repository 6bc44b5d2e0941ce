#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Record kernel logs of real faults, and of healthy activity, in the test VM.
#
# usage: tests/vm/stage-logs.sh [-k 5.10|6.1|6.12] [-o DIR] [GROUP[:SCENARIO]...]
#
# GROUP is a file of tests/vm/stage. Default: all of them, on 6.1 and 6.12. Each scenario
# leaves in DIR (default tests/diagnose/logs)
#
#   SCENARIO-KERNEL.kmsg     the log, as /dev/kmsg returns it; of healthy activity: .noise
#   SCENARIO-KERNEL.origin   how it was made, in one line
#
# Only the first records of the boot and those of the scenario are kept: between them, the
# sequence numbers have a gap. HOSTTUNE_SLOT is a command that runs its arguments, such as
# one that waits for its turn.
set -eu
cd "$(dirname "$0")/../.."
export B="${B:-build}"
export HOSTTUNE_B="$B"

kernels='6.1 6.12' out=tests/diagnose/logs
while getopts k:o: option; do
	case $option in
	k) kernels=$OPTARG ;;
	o) out=$OPTARG ;;
	*) sed -n 's/^# usage: /usage: /p' "$0" >&2 && exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- lockups smp hung storage nvme throttled memory network formats noise noise-system hardware

# guest ARG...: run the group's scenarios in a VM with these arguments.
guest() {
	# shellcheck disable=SC2086 # commands with arguments
	${HOSTTUNE_SLOT:-} tests/vm/run -k "$kernel" -s 320M -t 1200 -o "$out" "$@" -- \
		tests/vm/stage/run.sh "$kernel" $words || failed=1
}

bad=$(mktemp)
trap 'rm -f "$bad"' EXIT
truncate -s 320M "$bad"
failed=0
for kernel in $kernels; do
	tests/vm/fetch-kernels "$kernel"
	tests/vm/fetch-headers "$kernel"
	for group; do
		words=$(echo "$group" | tr : ' ')
		case ${group%%:*} in
		throttled) guest -d 1 -b 1K -a log_buf_len=16M ;;
		smp) guest -d 1 -c 2 -a log_buf_len=16M ;;
		nvme)
			guest -d 1 -a "log_buf_len=16M iomem=relaxed" -q "-device nvme,drive=bad,serial=AWSBAD
				-drive if=none,id=bad,format=raw,file.driver=blkdebug,file.image.filename=$bad,file.inject-error.0.event=read_aio,file.inject-error.0.errno=5,file.inject-error.0.sector=20480"
			;;
		memory) guest -d 1 -m 512M -a log_buf_len=16M ;;
		hardware)
			guest -d 2 -a "log_buf_len=16M audit=1 debug" -q "-machine q35 -device qemu-xhci -device usb-kbd
				-device usb-tablet -device e1000e -device e1000 -device virtio-net-pci -device i6300esb"
			;;
		*) guest -d 3 -m 1G -a log_buf_len=16M ;;
		esac
	done
done
exit $failed
