#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The incident of bottlerocket#4307, staged: an NFS server in a pod's network and mount
# namespace, 64 threads, an NFSv3 client that writes many small files, a sync export of
# instance store. hosttune diagnose finds each cause; fixed by hand, each finding is gone.
#
# usage: tests/vm/run -d 1 -s 320M -t 600 -- tests/vm/diagnose-nfs.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d)
data=/srv/data
ours='NfsdThreadsMany|NfsV3Used|NfsV3Enabled|NfsdFilecacheLock|ExportSync'

# --- the node -------------------------------------------------------------------------------

node() {
	drive=$(instance_store_drive AWS9 "$(drive_by_serial AWS00000000000000001)")
	mkdir -p $data /run/pod "$work/mnt"
	mkfs.xfs -q "$drive"
	mount "$drive" $data
	chmod 777 $data
	modprobe nfsd
	ip link set lo up
	ip netns add pod
	ip link add host0 type veth peer name eth0 netns pod
	ip addr add 10.9.0.1/24 dev host0
	ip link set host0 up
	ip -n pod link set lo up
	ip -n pod addr add 10.9.0.2/24 dev eth0
	ip -n pod link set eth0 up
}

# The pod's /etc/exports is its own: it has the line of the incident, without "sync".
pod() {
	echo "$data *(rw,fsid=0,no_subtree_check,no_root_squash,insecure)" >/run/pod/exports
	cat >/run/pod/start <<-'END'
		mount --bind /run/pod/exports /etc/exports
		mount -t tmpfs state /var/lib/nfs
		mkdir -p /var/lib/nfs/v4recovery /var/lib/nfs/rpc_pipefs
		touch /var/lib/nfs/etab /var/lib/nfs/rmtab
		mount -t nfsd nfsd /proc/fs/nfsd
		rpcbind -w
		rpc.nfsd --no-udp -G 10 -L 10 64
		exportfs -a
		exec rpc.mountd -F
	END
	: >/etc/exports
	ip netns exec pod unshare -m sh /run/pod/start >"$work/pod.log" 2>&1 &
	until_ok pgrep -x rpc.mountd
	mountd=$(pgrep -x rpc.mountd) || fail "the pod has no rpc.mountd: $(cat "$work/pod.log")"
}

# in_pod COMMAND
in_pod() {
	nsenter -t "$mountd" -n -m sh -c "$1"
}

# small_files: two writers, and a reader of what they wrote
small_files() {
	for writer in 1 2; do
		(for n in $(seq 1 60); do
			head -c 4096 /dev/zero >"$work/mnt/$writer.$n" || exit 1
		done) &
		writers="${writers-} $!"
	done
	# shellcheck disable=SC2086 # a list of processes
	wait $writers
	writers=
	cat "$work"/mnt/1.* >/dev/null
}

# --- what is found --------------------------------------------------------------------------

# Run diagnose with the arguments; its findings are in $work/json.
diagnose() {
	"$hosttune" diagnose --no-api -o json "$@" >"$work/json" 2>"$work/err"
	case $? in 0 | 1) ;; *) t_fail "diagnose $*" "$(cat "$work/err")" ;; esac
}

reasons() {
	jq -r '.findings[].reason' "$work/json" | grep -E "^($ours)\$" | sort | xargs
}

# evidence REASON: its subject, and the lines of its evidence
evidence() {
	jq -r --arg reason "$1" '.findings[] | select(.reason == $reason) |
		.subject, (.evidence[] | .text + " " + .where)' "$work/json" | xargs
}

incident() {
	small_files
	diagnose --seconds 1
	t_is "all causes are found" \
		"ExportSync NfsV3Used NfsdFilecacheLock NfsdThreadsMany" "$(reasons)"
	inode=$(readlink "/proc/$mountd/ns/net")
	t_is "threads per CPU" \
		"nfsd in $inode (rpc.mountd) nfsd_threads 64 /proc/fs/nfsd/threads cpus 1 /sys/devices/system/cpu/online" \
		"$(evidence NfsdThreadsMany | sed 's/([a-z.]*)/(rpc.mountd)/')"
	t_is "NFSv3 in use" \
		"nfsd_v3 true /proc/fs/nfsd/versions nfsd_v3_used true /proc/net/rpc/nfsd" \
		"$(evidence NfsV3Used | sed 's/^.*) //')"
	t_is "sync on ephemeral data" \
		"$data export_sync true /proc/fs/nfsd/exports export_ephemeral true /proc/self/mountinfo" \
		"$(evidence ExportSync)"
	t_ok "the drive is named" grep -qF "${drive#/dev/}" "$work/json"
	t_run "$hosttune" diagnose --no-api --seconds 0
	for advice in 'run one thread for each CPU' 'mount with vers=4.2' 'replace sync by async'; do
		t_says "the advice: $advice" "$advice"
	done
}

# A client that has not come yet is not in the kernel's table: the file counts then.
of_the_file() {
	in_pod 'exportfs -f'
	umount "$work/mnt"
	in_pod 'exportfs -f'
	diagnose --seconds 0
	t_is "sync by /etc/exports of the pod" \
		"$data export_sync true /proc/$mountd/root/etc/exports:1 export_ephemeral true /proc/self/mountinfo" \
		"$(evidence ExportSync)"
	client 3
}

bundle() {
	"$hosttune" collect --no-api "$work/node.tar.gz" >/dev/null 2>"$work/err" ||
		t_fail "collect" "$(cat "$work/err")"
	diagnose --seconds 0
	jq -S "[.findings[] | select(.reason | test(\"^($ours)\$\"))]" "$work/json" >"$work/live"
	diagnose --bundle "$work/node.tar.gz"
	jq -S "[.findings[] | select(.reason | test(\"^($ours)\$\"))]" "$work/json" >"$work/bundle"
	# other calls of NFSv3 came in between
	sed -i 's/[0-9]* calls/N calls/; s/NFSv4, [0-9]*/NFSv4, N/' "$work/live" "$work/bundle"
	t_ok "a bundle answers the same" cmp "$work/live" "$work/bundle"
	t_is "of a bundle: reasons" "ExportSync NfsV3Used NfsdFilecacheLock NfsdThreadsMany" "$(reasons)"
	t_not "a bundle has no names of clients" sh -c \
		"zcat '$work/node.tar.gz' | grep -aq '10\\.9\\.0\\.1'"
}

client() {
	if [ "$1" = 3 ]; then
		mount.nfs -o vers=3,nolock,proto=tcp 10.9.0.2:$data "$work/mnt"
	else
		mount.nfs -o vers=4.2 10.9.0.2:/ "$work/mnt"
	fi
}

# --- fixed by hand --------------------------------------------------------------------------

fixed() {
	in_pod 'echo 8 >/proc/fs/nfsd/threads'
	diagnose --seconds 0
	t_is "8 threads: the finding is gone" "ExportSync NfsV3Used NfsdFilecacheLock" "$(reasons)"

	in_pod "echo '$data *(rw,async,fsid=0,no_subtree_check,no_root_squash,insecure)' >/etc/exports; exportfs -ra"
	small_files
	diagnose --seconds 0
	t_is "async: the finding is gone" "NfsV3Used NfsdFilecacheLock" "$(reasons)"

	umount "$work/mnt"
	in_pod 'rpc.nfsd 0; rpc.nfsd --no-udp -N 3 -G 10 -L 10 8'
	# clients have nothing to reclaim
	in_pod 'for _ in 1 2 3 4 5; do echo Y >/proc/fs/nfsd/v4_end_grace && break; sleep 1; done' 2>/dev/null
	client 4
	small_files
	diagnose --seconds 0
	t_is "NFSv4 only: nothing is left" "" "$(reasons)"
	umount "$work/mnt"
}

# traced ARG...: no system call of diagnose with these arguments changes anything.
traced() {
	trace_changes "$work/trace" "$hosttune" diagnose --no-api "$@" >"$work/out" 2>"$work/err"
	case $? in 0 | 1) ;; *) t_fail "diagnose $*" "$(cat "$work/err")" ;; esac
	t_is "diagnose $1 writes nothing" "" "$(changes_in "$work/trace" | head -n 5)"
	t_ok "diagnose $1 was traced" grep -q openat "$work/trace"
}

# Where nothing can be written, it says the same.
writes_nothing() {
	dmesg >"$work/dmesg"
	mkdir -p "$work/root"
	mount --bind tests/cases/diagnose-nfs/root "$work/root"
	mount -o remount,bind,ro "$work/root"
	traced --seconds 1
	traced --bundle "$work/node.tar.gz"
	traced --kmsg "$work/dmesg"
	traced --root "$work/root"
	diagnose --seconds 0
	reasons >"$work/writable"
	unshare -m sh -c "mount --make-rprivate / && mount -o remount,bind,ro / &&
		$hosttune diagnose --no-api --seconds 0 -o json" >"$work/json" 2>"$work/err"
	t_is "on a read-only root it finds the same" "$(cat "$work/writable")" "$(reasons)"
	umount "$work/root"
}

# There, hosttune has the number of a process of the host, whose namespace is not its own.
other_pids() {
	nsenter -t "$mountd" -n unshare -p -f "$hosttune" diagnose --no-api --seconds 0 -o json \
		>"$work/json" 2>"$work/err"
	t_is "from the pod's network and another PID namespace: one server, of its namespace" \
		"nfsd in $inode" \
		"$(jq -r '.findings[] | select(.reason == "NfsdThreadsMany") | .subject' "$work/json" |
			sed 's/ (.*//' | xargs -d '\n')"
}

# not_all PART: whether what is not checked has these words
not_all() { # shellcheck disable=SC2317 # called through t_ok
	jq -r '.not_checked[] | select(.what == "NFS servers") | .why' "$work/json" | grep -qF -- "$1"
}

# Only 256 namespaces are entered; then not all servers are known.
many() {
	seq 260 | sed 's/^/netns add n/' | ip -batch -
	diagnose --seconds 0
	t_ok "more namespaces than are entered: not all is checked" not_all "network namespaces were not read"
	seq 260 | sed 's/^/netns delete n/' | ip -batch -
}

# A server that was never entered is not seen as stopped.
unprivileged() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$hosttune" diagnose --no-api \
		--seconds 0 -o json >"$work/json" 2>/dev/null
	t_ok "without rights: not checked" \
		sh -c "jq -e '.not_checked[] | select(.what == \"NFS servers\")' '$work/json' >/dev/null"
}

node
pod
client 3
incident
bundle
writes_nothing
of_the_file
other_pids
many
unprivileged
fixed
t_done
