#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# On a Debian system in the VM: one stage of the life of a node. First what apply stores for the
# next boot (keep, booted, overridden), then the package with its units.
set -u

mm=/sys/kernel/mm

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
# has FILE VALUE: it holds the value, or it is the chosen one.
has() { [ "$(sed 's/.*\[\(.*\)\].*/\1/' "$1")" = "$2" ]; }
listing() { find /etc /usr/lib/systemd /lib/modules-load.d -printf '%p %y %l\n' | sort; }
# reports STATUS TEXT COMMAND...: it exits so, and prints the text.
reports() {
	want=$1 text=$2
	shift 2
	"$@"
	[ $? = "$want" ] && grep -q "$text" /tmp/check.log
}
# The interface of the e1000e, and the drive that is formatted.
interface() {
	for path in /sys/class/net/*; do
		case $(readlink "$path/device/driver") in
		*/e1000e) echo "${path##*/}" ;;
		esac
	done
}
drive() { basename "$(findmnt -n -o SOURCE /mnt/data)"; }
start() { systemctl start "$1" || { journalctl -q -o cat -u "$1" && false; } }
# has_run UNIT: at this boot, and well.
has_run() {
	if is "$1" ActiveState active && is "$1" Result success; then return; fi
	journalctl -q -o short-monotonic -b -u "$1"
	journalctl -q -o short-monotonic -b -k | grep 'renamed from'
	false
}

# --- files for the next boot ------------------------------------------------------------

# Two profiles: what files can say, and what the unit applies.
keep() {
	check "the package installs" dpkg -i /package.deb
	listing >/root/before
	cat >/root/values.yaml <<-'END'
		version: 1
		name: values
		modules: [zram]
		sysctl:
		  vm.stat_interval: 7
		  vm.page-cluster: {value: 1, persist: false}
		  net.ipv4.tcp_congestion_control: bbr
	END
	cat >/root/rest.yaml <<-'END'
		version: 1
		name: rest
		persist: true
		storage:
		  - name: data
		    disks: {model: QEMU NVMe Ctrl, serial: AWS00000000000000002}
		    format: xfs
		    mount: /mnt/data
		    options: [noatime, nodiratime]
		    queue: {read-ahead: 1MiB}
		network:
		  - {name: card, interfaces: {driver: e1000e}, features: {gro: false}, qdisc: fq, txqueuelen: 2000}
		memory: {thp: never, hugepages: {2MiB: 4}}
		sysfs:
		  /sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan: 8192
		nfsd: {threads: 3, start: true, versions: [4.1, 4.2]}
	END
	check "apply of sysctls and a module" hosttune apply /root/values.yaml
	check "apply of the rest" hosttune apply /root/rest.yaml
	check "sysctls are stored" grep -qx 'vm.stat_interval = 7' /etc/sysctl.d/90-hosttune-values.conf
	check "and modules" grep -qx zram /etc/modules-load.d/hosttune-values.conf
	check "no unit where files suffice" no ls /etc/systemd/system/hosttune-boot-values.service
	check "the unit is enabled" systemctl is-enabled hosttune-boot-rest
	check "systemd accepts it" systemd-analyze verify --man=no hosttune-boot-rest.service
	stat -c '%n %i %Y' /etc/sysctl.d/*hosttune* /etc/systemd/system/hosttune-boot-* >/root/stored
	check "a second apply" hosttune apply /root/values.yaml
	check "a second apply of the rest" hosttune apply /root/rest.yaml
	stat -c '%n %i %Y' /etc/sysctl.d/*hosttune* /etc/systemd/system/hosttune-boot-* >/root/stored.2
	check "they write nothing" diff /root/stored /root/stored.2
}

booted() {
	check "by systemd: a sysctl" value vm/stat_interval 7
	check "one that needs a module" value net/ipv4/tcp_congestion_control bbr
	check "a module" test -e /sys/module/zram
	check "not what the profile does not persist" no value vm/page-cluster 1
	check "by the unit" has_run hosttune-boot-rest
	check "storage" mounted
	check "the queue of its drive" has "/sys/block/$(drive)/queue/read_ahead_kb" 1024
	check "an interface" has "/sys/class/net/$(interface)/tx_queue_len" 2000
	check "its queueing discipline" sh -c "tc qdisc show dev $(interface) | grep -q 'qdisc fq '"
	check "transparent huge pages" has $mm/transparent_hugepage/enabled never
	check "huge pages" has $mm/hugepages/hugepages-2048kB/nr_hugepages 4
	check "a file of /sys" has $mm/transparent_hugepage/khugepaged/pages_to_scan 8192
	check "nfsd" has /proc/fs/nfsd/threads 3
	check "audit of the rest clean, nothing was applied by hand" hosttune audit /root/rest.yaml
	hosttune audit -o json /root/rest.yaml | grep -o '"state": *"[a-z]*"' | sort | uniq -c >/tmp/states
	# "absent" is the API
	check "all of it is in sync, nothing is skipped" sh -c 'cat /tmp/states; grep -q ok /tmp/states && ! grep -v "ok\|absent" /tmp/states'
	check "audit of the sysctls clean" hosttune audit --skip sysctl:vm.page-cluster /root/values.yaml
	echo kept >/mnt/data/file
	echo 'vm.stat_interval = 9' >/etc/sysctl.d/99-foreign.conf
}

overridden() {
	check "a foreign file wins at boot" value vm/stat_interval 9
	check "the audit names the file" reports 1 '/etc/sysctl.d/99-foreign.conf:1' \
		hosttune audit -v --only sysctl:vm.stat_interval /root/values.yaml
	check "the unit does its part" hosttune audit /root/rest.yaml
	check "the data are there" grep -q kept /mnt/data/file
	rm /etc/sysctl.d/99-foreign.conf
	check "without the file" systemctl restart systemd-sysctl
	check "audit clean again" hosttune audit --skip sysctl:vm.page-cluster /root/values.yaml
	check "unpersist" hosttune unpersist
	listing >/root/after
	check "it leaves no trace" diff /root/before /root/after
	check "systemd has no such unit" sh -c 'systemctl daemon-reload; ! systemctl cat hosttune-boot-rest'
	check "the package is removed" dpkg --purge hosttune
}

# --- the package ------------------------------------------------------------------------

install() {
	check "after unpersist, a boot sets nothing" no value vm/stat_interval 7
	check "it loads no module" no test -e /sys/module/zram
	check "it mounts nothing" no mounted
	check "it sets no file of /sys" no has $mm/transparent_hugepage/enabled never
	check "it starts no server" no has /proc/fs/nfsd/threads 3
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
