# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh disable=SC2154 # hosttune, work: set by the script that sources this file
# The node of faults.sh: what each scenario runs, everything that it may change, and the state that it
# begins with.
one=$(drive_by_serial AWS00000000000000001)
two=$(drive_by_serial AWS00000000000000002)
queue=/sys/block/${one#/dev/}/queue

profile() { { echo "version: 1" && cat; } >"$work/$1.yaml"; }

# shellcheck disable=SC2120 # which serials, and more lines
storage() {
	cat <<-END
		sysctl: {vm.swappiness: 11}
		storage:
		  - {name: data, disks: {model: QEMU NVMe Ctrl, serial: [$1]}, label: ours, mount: /mnt/data, options: [noatime]$2}
	END
}

storage AWS00000000000000001 ', queue: {scheduler: none, read-ahead: 1MiB}' | profile format
storage AWS00000000000000001 '' | profile data
storage 'AWS00000000000000001, AWS00000000000000002' ', array: raid0' | profile array
profile nfsd <<-END
	nfsd: {threads: 3, start: true, versions: [4.2]}
END
profile revert <<-END
	sysctl: {vm.swappiness: 11, vm.dirty_bytes: 629145600, net.ipv4.ip_forward: 1}
	nfsd: {threads: 3, start: true, versions: [4.2]}
END
profile watch <<-END
	sysctl: {vm.swappiness: 11}
	nfsd: {threads: 3}
END

command_of() {
	case $1 in
	revert) echo revert --no-api ;;
	watch)
		echo "watch --no-api --interval 86400 --audit-interval 86400 --diagnose-interval 86400
			--metrics-file $work/metrics $work/watch.yaml"
		;;
	*) echo "apply --no-api $work/$1.yaml" ;;
	esac
}

# What comes after a fault.
again_of() {
	case $1 in
	watch) echo "apply --no-api $work/watch.yaml" ;;
	*) command_of "$1" ;;
	esac
}

written() {
	read -r _ _ _ _ _ _ sectors _ _ _ _ _ _ discarded _ <"/sys/block/${1#/dev/}/stat"
	echo $((sectors + discarded))
}

# A drive that was not written to since the last reset needs no look.
content() {
	[ "$(written "$1")" = "$2" ] && echo "$1 untouched" && return
	echo "$1 $(blkid -p -o value -s TYPE -s LABEL "$1" | sort | xargs)"
}

# state FILE: everything that a scenario may change, but for the journals and the lock.
state() {
	{
		content "$one" "$one_written"
		content "$two" "$two_written"
		# mdadm takes the next number if the last one is not free yet
		awk '
			{ gsub(/md[0-9]+/, "mdN") }
			FILENAME == "/proc/self/mounts" { if ($2 ~ "^/mnt|nfsd|^/run/hosttune") print; next }
			FILENAME == "/proc/mdstat" { if (/^md/) print $1, $3, $4; next }
			FILENAME ~ "^/proc/net/tcp" { if ($2 ~ ":0801$" && $4 == "0A") print "listens", FILENAME; next }
			FILENAME ~ "/rpc/" { if ($1 == "th") print $1, $2; next }
			{ print FILENAME, $0 }' \
			/proc/self/mounts /proc/mdstat /proc/net/tcp /proc/net/rpc/nfsd /proc/sys/vm/swappiness \
			/proc/sys/vm/dirty_bytes /proc/sys/vm/dirty_ratio /proc/sys/net/ipv4/ip_forward \
			"$queue/scheduler" "$queue/read_ahead_kb"
		for file in /run/hosttune/* /run/hosttune/.[!.]* /var/lib/hosttune/.[!.]* /var/lib/hosttune/journal/.[!.]* \
			/tmp/* /tmp/.[!.]* /mnt/* /mnt/data/* /mnt/.[!.]* /sys/block/loop*/loop "$work/."[!.]*; do
			case $file in
			*'*'* | */lock) ;;
			*) echo "$file" ;;
			esac
		done
	} >"$1"
}

journals() {
	for file in /var/lib/hosttune/journal/*; do
		[ ! -e "$file" ] || return 0
	done
	return 1
}

# reset SCENARIO: the state that it begins with, from whatever there is.
reset() {
	! grep -q ' /mnt/data ' /proc/self/mounts || umount /mnt/data || fail "/mnt/data: stays mounted"
	[ ! -d /mnt/data ] || rmdir /mnt/data
	! grep -q ^md /proc/mdstat || mdadm -q --stop --scan || fail "an array does not stop"
	[ "$(written "$one")" = "${one_written:-}" ] || [ "$1" = data ] || drive_blank "$one"
	[ "$(written "$two")" = "${two_written:-}" ] || drive_blank "$two"
	grep -qs '^th 0 ' /proc/net/rpc/nfsd || in_nfsd 'echo 0 >/proc/fs/nfsd/threads'
	! grep -q ' /proc/fs/nfsd ' /proc/self/mounts || umount /proc/fs/nfsd || fail "nfsd's files stay mounted"
	rm -rf --one-file-system /run/hosttune /var/lib/hosttune "$work/metrics"
	echo 60 >/proc/sys/vm/swappiness
	echo 20 >/proc/sys/vm/dirty_ratio
	echo 0 >/proc/sys/net/ipv4/ip_forward
	echo none >"$queue/scheduler"
	echo 128 >"$queue/read_ahead_kb"
	case $1 in
	data) begin_data ;;
	revert) begin_revert ;;
	watch) begin_watch ;;
	esac
	one_written=$(written "$one") two_written=$(written "$two")
}

begin_data() {
	[ "$(blkid -p -o value -s LABEL "$one")" != ours ] || return 0
	drive_blank "$one"
	mkfs.xfs -q -L ours "$one"
	mkdir -p /mnt/data
	mount "$one" /mnt/data && echo kept >/mnt/data/file && umount /mnt/data && rmdir /mnt/data
	sync
}

begin_revert() {
	"$hosttune" apply --no-api "$work/revert.yaml" >"$work/out" 2>&1 || fail "revert: $(cat "$work/out")"
}

begin_watch() {
	mount -t nfsd nfsd /proc/fs/nfsd
	echo '-2 -3' >/proc/fs/nfsd/versions
	echo 2 >/proc/fs/nfsd/threads
}
