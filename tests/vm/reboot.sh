#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# One boot of the reboot test, which tests/vm/check.sh runs several times with the same
# drives: storage, and two trials (apply --try) that nobody confirmed before the power cut: one of
# settings, and one of files for the next boot.
#
# usage: tests/vm/run -D DIR -d 1 -- tests/vm/reboot.sh first|second
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
modprobe xfs
backing=$(drive_by_serial AWS00000000000000001)
store=$(instance_store_drive AWS1111 "$backing")

# Directories that outlive this boot, as on a host.
keep() {
	mkdir -p /mnt/data/keep
	for dir in /var/lib/hosttune /etc/sysctl.d /etc/hosttune; do
		mkdir -p "$dir" "/mnt/data/keep$dir"
		mount --bind "/mnt/data/keep$dir" "$dir"
	done
	mkdir -p /run/systemd/system
}

api() {
	"$B/api-stub" --daemonize --pid-file /run/stub.pid --settings /mnt/data/settings.json \
		--save /mnt/data/settings.json /run/stub.sock || fail 'api-stub does not start'
}
stored() { jq -c '[.motd, .kernel.sysctl["vm.swappiness"]]' /mnt/data/settings.json; }

trials() {
	keep
	echo '{"motd":"old","kernel":{"sysctl":{"vm.swappiness":"50"}}}' >/mnt/data/settings.json
	api
	cat >/run/settings.yaml <<-END
		version: 1
		sysctl: {vm.swappiness: 10, kernel.panic: {value: 7, persist: false}}
		settings: {motd: new}
	END
	echo '{version: 1, sysctl: {vm.stat_interval: 4}}' >/run/files.yaml
	t_ok "a trial of settings" "$hosttune" apply --try 86400 --api-socket /run/stub.sock /run/settings.yaml
	t_is "they are stored" '["new","10"]' "$(stored)"
	t_ok "a trial of files" "$hosttune" apply --try 86400 --no-api --state-dir /mnt/data/files /run/files.yaml
	t_ok "a file is written" grep -q 'vm.stat_interval = 4' /etc/sysctl.d/90-hosttune-files.conf
}

# What the node stored is in effect, and another process has set a value since the boot.
trials_end() {
	keep
	api
	sysctl -qw vm.swappiness=10 vm.stat_interval=4 kernel.panic=5
	t_run "$hosttune" confirm --api-socket /run/stub.sock
	t_status "after a power cut: a trial is over" 3
	t_says "after a power cut: it is reported" "was on trial and is not confirmed"
	t_is "after a power cut: stored settings are as before" '["old","50"]' "$(stored)"
	t_is "after a power cut: values of this boot are not restored" "10 5" "$(sysctl -n vm.swappiness kernel.panic | xargs)"
	t_run "$hosttune" revert --list
	t_says "after a power cut: the journal is marked" "reverted"
	t_run "$hosttune" confirm --api-socket /run/stub.sock
	t_says "after a power cut: nothing is on trial" "nothing is on trial"
	t_run "$hosttune" confirm --no-api --state-dir /mnt/data/files
	t_status "after a power cut: a trial of files is over" 3
	t_is "after a power cut: no file is left" "" "$(ls /etc/sysctl.d; find /etc/hosttune -type f)"
	t_is "after a power cut: their values of this boot are not restored" 4 "$(sysctl -n vm.stat_interval)"
}

case $1 in
first)
	t_ok "first boot: apply" "$hosttune" apply nfs-server
	echo kept >/mnt/data/file
	blkid -p -o value -s UUID "$store" >/mnt/data/uuid
	trials
	sync
	[ "$t_failed" = 0 ] || t_done
	power_cut 0
	;;
second)
	t_ok "after a power cut: apply" "$hosttune" apply nfs-server
	t_is "after a power cut: same file system" "$(cat /mnt/data/uuid)" \
		"$(blkid -p -o value -s UUID "$store")"
	t_is "after a power cut: the file is kept" kept "$(cat /mnt/data/file)"
	t_ok "after a power cut: audit clean" "$hosttune" audit nfs-server
	trials_end
	;;
esac
t_done
