# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A machine with more hardware, auditing and debug messages: see stage-logs.sh.

# shellcheck disable=SC2034 # read by run.sh
suffix=noise

what boot_hardware "the whole boot of a machine with PCIe, USB, network cards, a watchdog and auditing" "Linux version"
stage_boot_hardware() {
	echo 0 >/run/vm/first
}

what drivers "drivers of USB, of network cards and of the watchdog find their devices" "e1000"
stage_drivers() {
	modprobe -a xhci_pci usbhid usb-storage sd_mod e1000e e1000 virtio_net i6300esb ahci i2c_i801 lpc_ich
	sleep 6
	for link in /sys/class/net/*; do
		ip link set "${link##*/}" up
	done
	sleep 4
	for link in /sys/class/net/*; do
		ip link set "${link##*/}" down
	done
	sleep 1
	modprobe -r e1000e e1000 virtio_net i6300esb
}

what audit "sessions begin and end with auditing on" "audit"
stage_audit() {
	echo 0 >/proc/self/loginuid
	runuser -u nobody true
	su -s /bin/sh nobody -c true
	ip link add d7 type dummy
	ip link set d7 up promisc on
	ip link del d7
}
