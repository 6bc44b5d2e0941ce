#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# On a Debian system in the VM: one stage of the life of the package.
set -u

check() {
	name=$1
	shift
	if "$@" >/tmp/check.log 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/  /' /tmp/check.log
	fi
}
value() { [ "$(cat "/proc/sys/$1")" = "$2" ]; }
is() { [ "$(systemctl show -P "$2" "$1")" = "$3" ]; }
mounted() { findmnt -n -o FSTYPE,OPTIONS /mnt/data | grep -q '^xfs.*noatime'; }
no() { ! "$@"; }
soon() {
	for _ in $(seq 60); do
		! "$@" || return 0
		sleep 0.5
	done
	false
}
start() { systemctl start "$1" || { journalctl -q -o cat -u "$1" && false; } }

install() {
	check "the package installs" dpkg -i /package.deb
	check "no unit is enabled" no systemctl is-enabled hosttune-apply hosttune-audit.timer hosttune-watch
	check "no unit runs" no systemctl is-active hosttune-watch
	mkdir -p /etc/hosttune
	cat >/etc/hosttune/profile.yaml <<-'END'
		version: 1
		sysctl:
		  vm.swappiness: 7
		storage:
		  - name: data
		    disks: {model: QEMU NVMe Ctrl, serial: AWS00000000000000002}
		    format: xfs
		    mount: /mnt/data
		    options: [noatime, nodiratime]
	END
	check "the profile is valid" hosttune validate /etc/hosttune/profile.yaml
	check "the audit reports drift" sh -c 'hosttune audit -q /etc/hosttune/profile.yaml; [ $? = 1 ]'
	check "systemd accepts the units" systemd-analyze verify --man=no /usr/lib/systemd/system/hosttune-*.service
	check "the units are enabled" systemctl enable hosttune-apply hosttune-audit.timer hosttune-watch
}

reboot() {
	check "applied at boot" is hosttune-apply Result success
	check "by systemd, before the audit" is hosttune-apply ActiveState active
	check "the sysctl is live" value vm/swappiness 7
	check "the drive is mounted" mounted
	check "audit clean" hosttune audit /etc/hosttune/profile.yaml
	check "the audit unit succeeds" start hosttune-audit
	check "the timer is active" systemctl is-active hosttune-audit.timer
	check "the watch runs" systemctl is-active hosttune-watch
	sysctl -q -w vm.swappiness=60
	check "the audit unit fails on drift" no systemctl start hosttune-audit
	systemctl restart hosttune-watch
	check "the watch fixes drift" soon value vm/swappiness 7
	echo kept >/mnt/data/file
}

remove() {
	check "applied at the second boot" is hosttune-apply Result success
	check "the data are there" grep -q kept /mnt/data/file
	check "audit clean after the second boot" hosttune audit /etc/hosttune/profile.yaml
	check "the package is removed" dpkg --purge hosttune
	check "the watch has ended" no pgrep -x hosttune
	find / -xdev \( -path /proc -o -path /sys \) -prune -o -name '*hosttune*' -print |
		grep -vx '/etc/hosttune' >/tmp/left
	check "nothing is left but the profile" no grep . /tmp/left
	check "the data stay" grep -q kept /mnt/data/file
	check "the drive is still mounted" mounted
}

"$1"
sync
echo 0 >/vm/status
systemctl poweroff --force --force
