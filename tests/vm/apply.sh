#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# hosttune on a plain host: apply, second apply, audit; refusals; roll-back; nfsd.
#
# usage: tests/vm/run -d 4 -s 320M -- tests/vm/apply.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
ebs_backing=$(drive_by_serial AWS00000000000000003)

run() {
	t_run "$hosttune" "$@"
}

profile() {
	cat >"$work/$1.yaml"
}

# --- the main job ---------------------------------------------------------------------

main_job() {
	mkfs.ext4 -q "$ebs_backing"
	modprobe xfs
	store=$(instance_store_drive AWS1111 "$(drive_by_serial AWS00000000000000001)")
	ebs=$(ebs_drive vol2222 "$ebs_backing")
	ebs_before=$(sectors_written "$ebs_backing")

	run audit nfs-server
	t_status "a fresh node is in drift" 1
	t_says "the drive to be formatted is named" "${store#/dev/}"
	t_is "an audit writes nothing to the drive" 0 \
		"$(sectors_written "$(drive_by_serial AWS00000000000000001)")"

	run apply -v nfs-server
	t_status "apply succeeds" 0
	t_is "XFS with our label" "xfs ephemeral" "$(blkid -p -o value -s TYPE -s LABEL "$store" | sort -r | xargs)"
	t_is "mounted from the plain device" "$store" "$(findmnt -no SOURCE /mnt/data)"
	options=$(findmnt -no OPTIONS /mnt/data)
	for option in noatime nodiratime; do
		case ,$options, in
		*",$option,"*) t_pass "mounted with $option" ;;
		*) t_fail "mounted with $option" "$options" ;;
		esac
	done
	t_is "sysctl written" 50 "$(cat /proc/sys/vm/vfs_cache_pressure)"
	t_is "vector written" 16777216 "$(awk '{ print $3 }' /proc/sys/net/ipv4/tcp_rmem)"
	t_ok "module loaded" grep -q '^nfsd ' /proc/modules
	t_is "EBS drive not written to" "$ebs_before" "$(sectors_written "$ebs_backing")"
	t_not "EBS drive not mounted" findmnt -n "$ebs"
	echo kept >/mnt/data/file

	trace_changes "$work/trace" "$hosttune" apply -v nfs-server >"$t_out" 2>&1
	t_is "second apply succeeds" 0 $?
	t_is "second apply writes nothing" "" "$(changes_in "$work/trace")"
	trace_changes "$work/trace" "$hosttune" audit nfs-server >"$t_out" 2>&1
	t_is "audit is clean" 0 $?
	t_is "audit writes nothing" "" "$(changes_in "$work/trace")"
	t_not "audit takes no lock" grep -q hosttune/lock "$work/trace"
	t_is "the file is kept" kept "$(cat /mnt/data/file)"
}

json() {
	"$hosttune" audit -o json nfs-server >"$work/json" 2>/dev/null
	t_is "JSON: in sync" 0 $?
	t_is "JSON: version" 1 "$(jq .version "$work/json")"
	t_is "JSON: live and wanted" '100 50' "$(sysctl -qw vm.vfs_cache_pressure=100
		"$hosttune" audit -o json nfs-server 2>/dev/null |
			jq -r '.resources[] | select(.name == "vm.vfs_cache_pressure") | "\(.live) \(.wanted)"')"
	t_is "JSON: reason" LiveDiffers "$("$hosttune" audit -o json nfs-server 2>/dev/null |
		jq -r '.resources[] | select(.name == "vm.vfs_cache_pressure").reason')"
	run apply nfs-server
}

# --- refusals ---------------------------------------------------------------------------

refusals() {
	backing=$(drive_by_serial AWS00000000000000002)
	mkfs.ext4 -q "$backing"
	before=$(sectors_written "$backing")
	foreign=$(instance_store_drive AWS3333 "$backing")
	profile foreign <<-END
		version: 1
		sysctl: {vm.vfs_cache_pressure: 33}
		storage:
		  - name: scratch
		    disks: {serial: AWS3333}
		    mount: /mnt/scratch
	END
	run apply "$work/foreign.yaml"
	t_status "a drive with ext4 is refused" 5
	t_says "the drive is named" "${foreign#/dev/}"
	t_says "its content is named" ext4
	t_is "a refusal changes nothing else" 50 "$(cat /proc/sys/vm/vfs_cache_pressure)"
	t_not "not even the mount point is created" test -e /mnt/scratch
	echo 'waive: [{resource: filesystem scratch, reason: agreed, until: 2999-12-31}]' >>"$work/foreign.yaml"
	run apply "$work/foreign.yaml"
	t_status "a waiver does not cover a refusal" 5
	run apply --only mount "$work/foreign.yaml"
	t_status "a refused drive that a mount requires" 5
	t_is "the drive is not written to" "$before" "$(sectors_written "$backing")"

	truncate -s 320M "$work/blank"
	ebs_drive vol4444 "$work/blank" >/dev/null
	profile ebs <<-END
		version: 1
		storage:
		  - name: ebs
		    disks: {serial: vol4444, model: Amazon Elastic Block Store}
		    mount: /mnt/ebs
	END
	run apply "$work/ebs.yaml"
	t_status "a blank EBS drive is refused, though its serial and model are named" 5

	profile two <<-END
		version: 1
		storage:
		  - name: ephemeral
		    disks: {model: QEMU NVMe Ctrl}
		    mount: /mnt/two
	END
	run apply "$work/two.yaml"
	t_status "several drives need count or serial" 2
	profile bad <<-END
		version: 1
		sysctl:
		  vm.vfs_cache_pressure: 44
		  ../../etc/passwd: 1
	END
	run apply "$work/bad.yaml"
	t_status "a bad profile changes nothing: exit" 2
	t_is "a bad profile changes nothing: value" 50 "$(cat /proc/sys/vm/vfs_cache_pressure)"
}

rollback() {
	drive=$(drive_by_serial AWS00000000000000004)
	profile late <<-END
		version: 1
		modules: [tcp_htcp]
		sysctl:
		  vm.vfs_cache_pressure: 55
		  vm.dirty_bytes: 700000000
		  net.ipv4.tcp_fastopen_key: nonsense
		storage:
		  - name: late
		    disks: {serial: AWS00000000000000004, model: QEMU NVMe Ctrl}
		    mount: /mnt/late
	END
	sysctl -qw vm.dirty_ratio=20
	run apply -v "$work/late.yaml"
	t_status "a value that the kernel refuses: exit" 3
	t_says "the place is reported" "late.yaml:6:3"
	t_is "the values before it are rolled back" 50 "$(cat /proc/sys/vm/vfs_cache_pressure)"
	t_is "a ratio that bytes had replaced is rolled back" "20 0" \
		"$(cat /proc/sys/vm/dirty_ratio) $(cat /proc/sys/vm/dirty_bytes)"
	t_says "what cannot be rolled back is reported" "cannot be rolled back"
	t_is "the drive after it is not written to" 0 "$(sectors_written "$drive")"
	run apply nfs-server
}

disabled_module() {
	echo 'install tcp_illinois /bin/true' >/etc/modprobe.d/off.conf
	profile off <<-END
		version: 1
		modules: [tcp_illinois]
		sysctl: {vm.vfs_cache_pressure: 33}
	END
	modprobe tcp_illinois
	t_is "a disabled module: modprobe succeeds and loads nothing" "0 " "$? $(grep ^tcp_illinois /proc/modules)"
	run audit "$work/off.yaml"
	t_status "a disabled module: audit" 3
	t_says "a disabled module: reason" "modprobe.d disables the module"
	run apply "$work/off.yaml"
	t_status "a disabled module: apply" 3
	t_is "a disabled module: nothing is changed" 50 "$(cat /proc/sys/vm/vfs_cache_pressure)"
	rm /etc/modprobe.d/off.conf
	run apply "$work/off.yaml"
	t_status "a module that is enabled again" 0
	run apply nfs-server
}

lock() {
	mkdir -p /run/hosttune
	exec 9>>/run/hosttune/lock
	flock 9
	run apply --lock-wait 0 nfs-server
	t_status "another run holds the lock" 6
	run audit nfs-server
	t_status "an audit needs none" 0
	exec 9>&-
}

# --- nfsd -------------------------------------------------------------------------------

listens() { # shellcheck disable=SC2317 # called through t_ok
	ss -Hltn "sport = :2049" | grep -q .
}

nfs_server() {
	profile pin <<-END
		version: 1
		nfsd: {threads: 3}
	END
	profile start <<-END
		version: 1
		nfsd: {threads: 5, start: true, versions: [4.1, 4.2]}
	END
	profile start3 <<-END
		version: 1
		nfsd: {threads: 5, start: true}
	END
	run apply -v "$work/pin.yaml"
	t_status "a stopped server is not started" 0
	t_says "it is reported as not applicable" "NOT APPLICABLE nfsd threads"
	t_not "no port is opened" listens
	t_is "no threads" 0 "$(in_nfsd 'cat /proc/fs/nfsd/threads')"

	run apply "$work/start3.yaml"
	t_status "NFSv3 without rpcbind: exit" 3
	t_says "NFSv3 without rpcbind: reason" "NFSv3 needs rpcbind"
	t_not "nothing stays mounted" grep -q ' nfsd ' /proc/mounts
	run apply "$work/start.yaml"
	t_status "start: true starts the server" 0
	t_ok "it listens" listens
	t_is "it has the configured threads" 5 "$(in_nfsd 'cat /proc/fs/nfsd/threads')"
	for version in -3 -4.0 +4.1 +4.2; do
		t_ok "it serves $version" in_nfsd "grep -qw -- '$version' /proc/fs/nfsd/versions"
	done
	run apply "$work/pin.yaml"
	t_is "a running server gets the configured threads" "0 3" "$status $(in_nfsd 'cat /proc/fs/nfsd/threads')"
	run audit "$work/pin.yaml"
	t_status "the audit is clean" 0
	t_is "its file system stays mounted, once" 1 "$(grep -c ' /proc/fs/nfsd ' /proc/mounts)"
	echo 0 >/proc/fs/nfsd/threads
}

main_job
json
refusals
rollback
disabled_module
lock
nfs_server
t_done
