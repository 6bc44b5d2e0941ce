#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Directories bound to the new file system with their content; owner and mode of its root;
# queue settings; health of drives.
#
# usage: tests/vm/run -d 3 -w 2:8 -w 3:2 -s 320M -t 600 -- tests/vm/bind.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
work=$(mktemp -d)
one=$(drive_by_serial AWS00000000000000001)
modprobe xfs

run() {
	t_run "$hosttune" "$@"
}

# item [LINE...]: write a profile with one storage item, mounted at /mnt/data.
item() {
	{
		echo "version: 1"
		echo "storage:"
		echo "  - name: data"
		echo "    disks: {model: QEMU NVMe Ctrl, serial: AWS00000000000000001}"
		echo "    mount: /mnt/data"
		for line; do echo "    $line"; done
	} >"$work/item.yaml"
}

bound() {
	findmnt -no SOURCE,VFS-OPTIONS "$1" | tr -s ' '
}

# --- binding ------------------------------------------------------------------------------

fresh() {
	mkdir -p /srv/kubelet
	chmod 711 /srv/kubelet
	chown 7:8 /srv/kubelet
	item 'options: [noatime, nodiratime]' 'bind: [/srv/kubelet, /srv/new/dir]' \
		'owner: 1000:2000' 'mode: "2775"'
	run audit -v "$work/item.yaml"
	t_status "audit: everything is in drift" 1
	t_says "audit: waits for the mount" "/mnt/data is not mounted yet"
	run apply "$work/item.yaml"
	t_status "format, mount, owner, two binds" 0
	t_is "bound, with the flags" "${one}[/._srv_kubelet] rw,noatime,nodiratime" "$(bound /srv/kubelet)"
	t_is "bound to a directory that did not exist" "${one}[/._srv_new_dir] rw,noatime,nodiratime" "$(bound /srv/new/dir)"
	t_is "it has the owner and mode of the directory that it hides" "711 7:8" "$(stat -c '%a %u:%g' /srv/kubelet)"
	t_is "owner and mode of the root" "2775 1000:2000" "$(stat -c '%a %u:%g' /mnt/data)"
	mkdir /srv/kubelet/sub
	mount -t tmpfs sub /srv/kubelet/sub
	t_not "a mount below a bind is in one place only" findmnt -n /mnt/data/._srv_kubelet/sub
	umount /srv/kubelet/sub
	run apply "$work/item.yaml"
	t_status "a second apply succeeds" 0
	t_says "a second apply changes nothing" "applied: all 6 in sync"
}

drift() {
	mount -o remount,bind,atime,diratime,relatime /srv/kubelet
	chown 5 /mnt/data
	mkdir -p /srv/other
	mount --bind /mnt/data /srv/other
	mount -o remount,bind,atime,diratime,relatime /srv/other
	run audit -v "$work/item.yaml"
	t_status "flags of a bind and the owner differ" 1
	t_says "the bind is reported" ": bound without noatime,nodiratime"
	t_says "the owner is reported" "/mnt/data is 5:2000 2775, should be 1000:2000 2775"
	t_says "a foreign bind is reported" "also mounted at /srv/other without noatime,nodiratime"
	run apply "$work/item.yaml"
	t_status "apply fixes both" 0
	t_is "the flags are fixed" "${one}[/._srv_kubelet] rw,noatime,nodiratime" "$(bound /srv/kubelet)"
	t_is "the owner is fixed" 1000 "$(stat -c %u /mnt/data)"
	t_says "the foreign bind is reported again" "WARNING mount data in sync, but also mounted at /srv/other"
	t_is "the foreign bind is not changed" rw,relatime "$(findmnt -no VFS-OPTIONS /srv/other)"
	umount /srv/other
}

# apply_and_fail NAME: apply the item and then a server that cannot listen.
apply_and_fail() {
	cp "$work/item.yaml" "$work/fails.yaml"
	echo 'nfsd: {threads: 2, start: true, versions: [4.2]}' >>"$work/fails.yaml"
	take_port 2049
	run apply "$work/fails.yaml"
	release_port
	t_status "$1" 3
	t_says "$1: only the server fails" "Address already in use"
}

put_back() {
	umount /srv/kubelet
	chown 5:6 /mnt/data
	chmod 00700 /mnt/data
	apply_and_fail "a later step fails"
	t_not "the bind is rolled back" findmnt -n /srv/kubelet
	t_is "owner and mode are rolled back" "700 5:6" "$(stat -c '%a %u:%g' /mnt/data)"
	t_ok "an earlier bind stays" findmnt -n /srv/new/dir
	umount /srv/new/dir
}

refused() {
	mkdir -p /srv/full /srv/busy/below /srv/two
	echo x >/srv/full/file
	item 'bind: [/srv/full]'
	run apply "$work/item.yaml"
	t_status "a directory that is not empty is refused" 5
	t_says "the reason is reported" "the directory is not empty, and a bind would hide its content"
	t_ok "the directory is not changed" grep -q x /srv/full/file
	mount -t tmpfs busy /srv/busy/below
	item 'bind: [/srv/busy]' 'move: true'
	run apply "$work/item.yaml"
	t_status "a directory with a mount below it is refused" 5
	t_says "the place is reported" "a file system is mounted below it, at /srv/busy/below"
	item 'bind: [/srv/busy/below]'
	run apply "$work/item.yaml"
	t_status "a mount point is refused" 5
	umount /srv/busy/below
	ln -sfn /srv/two /srv/link
	item 'bind: [/srv/link/x]'
	run apply "$work/item.yaml"
	t_status "a link in the path is refused" 5
	item 'bind: [/srv/two]'
	unshare -m --propagation private "$hosttune" apply "$work/item.yaml" >"$t_out" 2>&1
	t_is "a bind that the host would not see is refused" 5 $?
	t_not "its directory on the file system is not created" test -e /mnt/data/._srv_two
	# a foreign bind of another directory, but of the right file system
	mkdir -p /mnt/data/elsewhere
	mount --bind /mnt/data/elsewhere /srv/two
	run apply "$work/item.yaml"
	t_status "a foreign bind to this file system is accepted" 0
	umount /srv/two
}

# --- moving -------------------------------------------------------------------------------

# Make a tree with every type of file.
make_tree() {
	mkdir -p "$1/dir/deeper"
	chmod 1777 "$1/dir"
	echo text >"$1/dir/file"
	ln "$1/dir/file" "$1/hardlink"
	ln -s /does/not/exist "$1/symlink"
	mknod "$1/null" c 1 3
	mkfifo -m 640 "$1/fifo"
	truncate -s 40M "$1/sparse"
	echo end | dd of="$1/sparse" bs=1M seek=39 conv=notrunc status=none
	head -c 3000000 /dev/urandom >"$1/random"
	chown 12:34 "$1/random"
	chmod 4750 "$1/random"
	touch -d '2020-02-02 02:02:02' "$1/random" "$1/dir/deeper"
	setfattr -n user.note -v kept "$1/dir/file"
	setfattr -n trusted.note -v kept "$1/dir"
	setfattr -n security.note -v kept "$1/random"
	for name in symlink null fifo; do
		setfattr -h -n trusted.note -v "kept by $name" "$1/$name"
	done
	# user 77 may read, write and execute
	for acl in "access $1/random" "default $1/dir/deeper"; do
		setfattr -n "system.posix_acl_${acl%% *}" "${acl#* }" -v \
			0x0200000001000700ffffffff020007004d00000004000500ffffffff10000700ffffffff20000000ffffffff
	done
	setfattr -n security.selinux -v system_u:object_r:local_t:s0 "$1"
	chmod 750 "$1"
}

# Describe a tree as text, without sockets and times of links.
describe() {
	(cd "$1" && find . ! -type s -printf './%P %y %m %U:%G %n %s %l' \( -type l -printf '\n' -o -printf ' %T@\n' \) |
		awk '$2 == "d" { $6 = "" } { print }' | sort && find . -type f -exec sha256sum {} + | sort &&
		getfattr -R -h -d -m - . 2>/dev/null | grep -v -e '^$' -e '^trusted.SGI_ACL' -e '^user.hosttune.copied' -e '^# file: \.$' | sort)
}

move() {
	umount -q /mnt/data
	blkdiscard -fz "$one" 2>/dev/null
	mkdir -p /srv/tree
	mount -t tmpfs -o size=200m tree /srv/tree
	mkdir /srv/tree/lib
	make_tree /srv/tree/lib
	"${HOSTTUNE_B:-build}/api-stub" --daemonize --pid-file "$work/pid" /srv/tree/lib/socket
	kill -KILL "$(cat "$work/pid")"
	before=$(describe /srv/tree/lib)
	item 'bind: [/srv/tree/lib]' 'move: true'
	run apply -v "$work/item.yaml"
	t_status "the content of a directory is moved" 0
	t_says "the socket is skipped" "1 sockets were not copied"
	t_is "everything else is copied" "$before" "$(describe /srv/tree/lib)"
	t_is "it is on the new file system" "${one}[/._srv_tree_lib]" "$(findmnt -no SOURCE /srv/tree/lib)"
	t_ok "a sparse file takes no room" [ "$(stat -c %b /srv/tree/lib/sparse)" -lt 4096 ]
	t_is "hard links stay" "$(stat -c %i /srv/tree/lib/hardlink)" "$(stat -c %i /srv/tree/lib/dir/file)"
	echo newer >/srv/tree/lib/dir/file
	t_is "the label is that of the original" system_u:object_r:local_t:s0 "$(label /srv/tree/lib)"
	umount /srv/tree/lib
	t_is "the original below it is unchanged" "$before" "$(describe /srv/tree/lib)"
	run apply "$work/item.yaml"
	t_status "apply after a reboot" 0
	t_is "the newer copy is used" newer "$(cat /srv/tree/lib/dir/file)"
	umount /srv/tree/lib
}

label() {
	getfattr -h --only-values -n security.selinux "$1" 2>/dev/null
}

# The policy refuses labels: strace plays its part.
labels() {
	rm -rf --one-file-system /mnt/data/._srv_tree_lib
	t_run strace -f -qq -o /dev/null -e trace=lsetxattr -e inject=lsetxattr:error=EACCES:when=1 \
		"$hosttune" apply "$work/item.yaml"
	t_status "a refused attribute that is not a label fails the move" 3
	t_says "the attribute is named" "copy extended attribute "
	t_not "nothing is bound" findmnt -n /srv/tree/lib

	mkdir -p /srv/labelled
	setfattr -n security.selinux -v system_u:object_r:local_t:s0 /srv/labelled
	item 'bind: [/srv/labelled]'
	t_run strace -f -qq -o /dev/null -e trace=lsetxattr -e inject=lsetxattr:error=EACCES \
		"$hosttune" apply "$work/item.yaml"
	t_status "a refused label does not fail the bind" 0
	t_says "both labels are reported" 'the first is "", should be "system_u:object_r:local_t:s0"'
	t_ok "the directory is bound" findmnt -n /srv/labelled
	umount /srv/labelled
	setfattr -n security.selinux -v system_u:object_r:local_t:s0 /mnt/data/._srv_labelled
	rmdir /mnt/data/._srv_labelled
	run apply "$work/item.yaml"
	t_status "a label that may be set" 0
	t_is "it is that of the directory it stands in for" system_u:object_r:local_t:s0 "$(label /srv/labelled)"
	umount /srv/labelled
	rmdir /mnt/data/._srv_labelled
	item 'bind: [/srv/tree/lib]' 'move: true'
}

cut_short() {
	rm -rf --one-file-system /mnt/data/._srv_tree_lib
	mkdir -p /mnt/data/._srv_tree_lib.hosttune-unfinished/dir
	echo half >/mnt/data/._srv_tree_lib.hosttune-unfinished/dir/file
	# killed while it copies
	head -c 60000000 /dev/urandom >/srv/tree/lib/large
	"$hosttune" apply "$work/item.yaml" >"$t_out" 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ -s /mnt/data/._srv_tree_lib.hosttune-unfinished/large ] && break
		sleep 0.05
	done
	kill -KILL $pid
	wait $pid 2>/dev/null
	t_not "a killed run binds nothing" findmnt -n /srv/tree/lib
	t_not "a killed run leaves no complete copy" test -e /mnt/data/._srv_tree_lib
	before=$(describe /srv/tree/lib)
	run apply "$work/item.yaml"
	t_status "the next run completes" 0
	t_is "everything is copied" "$before" "$(describe /srv/tree/lib)"
	t_not "the unfinished copy is removed" test -e /mnt/data/._srv_tree_lib.hosttune-unfinished
	umount /srv/tree/lib

	# a later step fails: the unused copy must not count as the newer one in the next run
	rm -rf --one-file-system /mnt/data/._srv_tree_lib
	apply_and_fail "a later step fails after the move"
	t_not "the copy is rolled back" ls -d /mnt/data/._srv_tree_lib
	t_is "the original is in use" "$before" "$(describe /srv/tree/lib)"

	fallocate -l 200M /mnt/data/filler
	run apply "$work/item.yaml"
	t_status "a directory that does not fit is not copied" 3
	t_says "the reason is reported" "has room for only"
	t_not "no copy is left" sh -c 'ls -d /mnt/data/._srv*'
	rm /mnt/data/filler
	umount /srv/tree/lib /srv/tree 2>/dev/null
}

# --- content that exists only once --------------------------------------------------------

# fail_second COMMAND: run COMMAND while the first of two directories is bound and the second
# is not yet; then the second bind fails.
fail_second() {
	(
		until mountpoint -q /srv/one; do sleep 0.1; done
		eval "$1"
	) &
	t_run strace -f -qq -o /dev/null -e trace=move_mount -e inject=move_mount:error=EBUSY:delay_enter=5000000:when=2 \
		"$hosttune" apply "$work/item.yaml"
	wait $!
	t_status "the second bind fails" 3
}

kept() {
	mkdir -p /srv/one /srv/other
	echo old >/srv/one/old
	echo x >/srv/other/x
	item 'bind: [/srv/one, /srv/other]' 'move: true'
	fail_second 'echo new >/srv/one/new'
	t_says "the copy that was written to is reported" "/mnt/data/._srv_one is not removed: it differs from /srv/one"
	t_not "the first bind is rolled back" findmnt -n /srv/one
	t_is "what was written to it is kept" new "$(cat /mnt/data/._srv_one/new)"
	t_not "a copy that equals its original is removed" test -e /mnt/data/._srv_other
	run apply "$work/item.yaml"
	t_status "the next run binds it" 0
	t_is "what was written is there" "new old" "$(cd /srv/one && cat -- * | xargs)"

	umount /srv/one /srv/other
	echo newer >/srv/one/newer
	run apply "$work/item.yaml"
	t_status "a directory that was written to without its bind is refused" 5
	t_says "the reason is reported" "the directory changed after it was copied to /mnt/data/._srv_one"
	t_not "it is not hidden" findmnt -n /srv/one
	rm -r /mnt/data/._srv_one
	run apply "$work/item.yaml"
	t_status "without the copy, it is copied again" 0
	t_is "everything is copied" "newer old" "$(cd /srv/one && cat -- * | xargs)"

	rm -r /mnt/data/._srv_one
	run audit "$work/item.yaml"
	t_says "a bind of a removed directory is not in sync" "a removed directory of $one (xfs) is mounted there"
	umount /srv/one /srv/other
	rm -r /mnt/data/._srv_other
}

# A rollback that is killed leaves no half of a copy that the next run would bind.
rollback_cut_short() {
	for i in $(seq 20); do echo "$i" >"/srv/one/$i"; done
	before=$(describe /srv/one)
	t_run strace -f -qq -o /dev/null -e trace=move_mount,unlinkat -e inject=move_mount:error=EBUSY:when=2 \
		-e inject=unlinkat:signal=SIGKILL:when=10 "$hosttune" apply "$work/item.yaml"
	t_status "killed while it removes a copy" 137
	umount -q /srv/one
	run apply "$work/item.yaml"
	t_status "the next run copies again" 0
	t_is "everything is copied" "$before" "$(describe /srv/one)"
	umount /srv/one /srv/other
	rm -r /mnt/data/._srv_one /mnt/data/._srv_other
}

# What another process mounts over a bind during the run is not unmounted.
foreign() {
	fail_second 'mount -t tmpfs foreign /srv/one; echo theirs >/srv/one/file'
	t_says "it is reported" "unmount /srv/one: foreign (tmpfs) is mounted there instead"
	t_is "it stays" theirs "$(cat /srv/one/file)"
	umount /srv/one
	t_is "and so does the bind below it" "${one}[/._srv_one]" "$(findmnt -no SOURCE /srv/one)"
	umount /srv/one
	rm -r /mnt/data/._srv_one
}

# A directory whose owner cannot be set is not bound by the next run as it is.
half_made() {
	mkdir -p /srv/app
	chmod 755 /srv/app
	chown 1000:1000 /srv/app
	item 'bind: [/srv/app]'
	t_run strace -f -qq -o /dev/null -e trace=fchownat -e inject=fchownat:error=EIO "$hosttune" apply "$work/item.yaml"
	t_status "the owner cannot be set" 3
	run apply "$work/item.yaml"
	t_status "the next run makes the directory" 0
	t_is "it has the owner and mode of the original" "755 1000:1000" "$(stat -c '%a %u:%g' /srv/app)"
	umount /srv/app
}

# --- queues -------------------------------------------------------------------------------

attribute() {
	cat "/sys/block/$(basename "$1")/queue/$2"
}

queues() {
	modprobe mq-deadline 2>/dev/null
	item 'queue: {scheduler: mq-deadline, read-ahead: 4MiB, nr-requests: 64, rq-affinity: 2, nomerges: 1, max-sectors: 64KiB, wbt-lat-usec: 0}'
	echo none >"/sys/block/$(basename "$one")/queue/scheduler"
	before=$(cd "/sys/block/$(basename "$one")/queue" && grep . scheduler nr_requests read_ahead_kb rq_affinity nomerges max_sectors_kb)
	apply_and_fail "queue: a later step fails"
	t_is "queue: all attributes are rolled back" "$before" "$(cd "/sys/block/$(basename "$one")/queue" &&
		grep . scheduler nr_requests read_ahead_kb rq_affinity nomerges max_sectors_kb)"
	run audit -v "$work/item.yaml"
	t_status "queue: audit" 1
	t_says "queue: what differs" "read-ahead is 128, should be 4096"
	run apply "$work/item.yaml"
	t_status "queue: apply" 0
	t_is "queue: scheduler" "[mq-deadline]" "$(attribute "$one" scheduler | grep -o '\[.*\]')"
	t_is "queue: the rest" "64 4096 2 1 64" "$(for a in nr_requests read_ahead_kb rq_affinity nomerges max_sectors_kb; do
		attribute "$one" $a; done | xargs)"
	run apply "$work/item.yaml"
	t_status "queue: a second apply" 0
	# the kernel would load it by modprobe
	echo 'install kyber-iosched /bin/false' >/etc/modprobe.d/kyber.conf
	item 'queue: {scheduler: kyber}'
	run apply "$work/item.yaml"
	t_status "queue: a scheduler that the kernel does not have" 3
	t_says "queue: available schedulers are reported" "available: "
	item 'queue: {nr-requests: 60000}'
	run apply "$work/item.yaml"
	t_status "queue: more requests than the drive has" 3
	t_says "queue: the kernel refuses" "Invalid argument"
	t_is "queue: the value stays" 64 "$(attribute "$one" nr_requests)"
}

# --- health -------------------------------------------------------------------------------

health() {
	item
	run audit -o json "$work/item.yaml"
	drive=$(jq -c '.resources[] | select(.kind == "drive-health")' "$t_out")
	t_is "a healthy drive" ok "$(echo "$drive" | jq -r .state)"
	if command -v nvme >/dev/null; then
		used=$(nvme smart-log -o json "$one" | jq -r '"\(.percent_used // .percentage_used)% used, \(.avail_spare)% spare"')
		t_is "the same value as nvme-cli" "$(basename "$one"): $used" "$(echo "$drive" | jq -r .live)"
	else
		t_skip "the same value as nvme-cli" "no nvme-cli here"
	fi
}

# Drives 2 and 3 report warnings: see -w in the usage above.
unhealthy() {
	two=$(drive_by_serial AWS00000000000000002)
	three=$(drive_by_serial AWS00000000000000003)
	for go_on in fail continue; do
		cat >"$work/array.yaml" <<-EOF
			version: 1
			on-failure: $go_on
			storage:
			  - name: pair
			    disks: {model: QEMU NVMe Ctrl, serial: [AWS00000000000000002, AWS00000000000000003]}
			    array: raid0
			    mount: /mnt/pair
		EOF
		run apply "$work/array.yaml"
		t_status "on-failure $go_on: an array with a drive that is read-only" \
			"$([ $go_on = continue ] && echo 0 || echo 5)"
		t_says "the reason is reported" "$(basename "$two"): media is read-only, $(basename "$three"): temperature"
		t_is "the array is refused before its creation" "0 0" "$(sectors_written "$two") $(sectors_written "$three")"
	done
	sed 's/0001}/0002}/; s|/mnt/data|/mnt/two|' "$work/item.yaml" >"$work/two.yaml"
	run apply "$work/two.yaml"
	t_status "a drive that reports read-only is refused" 5
	t_says "the reason is reported" "$(basename "$two"): media is read-only"
	t_is "it is refused before it is formatted" 0 "$(sectors_written "$two")"
	echo '    health: ignore' >>"$work/two.yaml"
	run apply "$work/two.yaml"
	t_status "health: ignore" 0
	t_says "health: ignore still warns" "WARNING drive-health data $(basename "$two"): media is read-only"
	sed 's/0001}/0003}/; s|/mnt/data|/mnt/three|' "$work/item.yaml" >"$work/three.yaml"
	run apply "$work/three.yaml"
	t_status "a drive that is too hot is used" 0
	t_says "the temperature is reported" "temperature is outside the limits"
}

fresh
drift
put_back
refused
move
labels
cut_short
kept
rollback_cut_short
foreign
half_made
queues
health
unhealthy
t_done
