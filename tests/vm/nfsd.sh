#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The kernel's NFS server: through files, since 6.10 through netlink. Clients work
# while its threads are pinned. A bootstrap container can start and pin it.
#
# usage: tests/vm/run -t 600 -- tests/vm/nfsd.sh
#        tests/vm/run -c 2 -- tests/vm/nfsd.sh pools
#
# pools: only the tests that differ if there is more than one pool (one per processor).
# shellcheck disable=SC2317 # functions that t_ok calls
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
netlink=$B/nfsd-netlink
nfsd=/proc/fs/nfsd
pool_mode=/sys/module/sunrpc/parameters/pool_mode
work=$(mktemp -d)

# Run hosttune; set $status, and write the output to $work/out.
run() {
	status=0
	"$hosttune" "$@" >"$work/out" 2>&1 || status=$?
}

# says NAME TEXT: passes if TEXT is in the output of the last run.
says() {
	if t_flat "$work/out" | grep -qF -- "$2"; then
		t_pass "$1"
	else
		t_fail "$1" "no \"$2\" in:" "$(cat "$work/out")"
	fi
}

profile() {
	printf 'version: 1\nnfsd: %s\n' "$2" >"$work/$1.yaml"
}

listeners() {
	ss -Hltun "sport = :$1" | awk '{ print $1, $5 }' | sort | xargs
}

threads() {
	cat $nfsd/threads
}

has_threads() {
	[ "$(threads)" = "$1" ]
}

stop() {
	echo 0 >$nfsd/threads
	umount $nfsd
}

# The plan says that the server cannot start, and no sysctl before it is written.
disabled() {
	printf 'version: 1\nsysctl: {vm.swappiness: 21}\nnfsd: {threads: 5, start: true, versions: [4.2]}\n' \
		>"$work/disabled.yaml"
	sysctl -qw vm.swappiness=60
	echo 'install nfsd /bin/false' >/etc/modprobe.d/disabled.conf
	run apply "$work/disabled.yaml"
	rm /etc/modprobe.d/disabled.conf
	t_is "nfsd is disabled: exit, and nothing is changed" "3 60" "$status $(cat /proc/sys/vm/swappiness)"
	says "nfsd is disabled: reason" "modprobe.d disables the module nfsd"
}

prepare() {
	ip link set lo up
	grep -q nfsd /proc/filesystems || disabled
	modprobe nfsd
	profile pin '{threads: 3}'
	profile start '{threads: 5, start: true, versions: [4.1, 4.2], max-block-size: 256KiB}'
	profile start3 '{threads: 5, start: true}'
	profile one '{threads: 1}'
	profile few '{threads: 1, pool-mode: percpu}'
	# the only mode since Linux 7.3, and the first one
	first=$(cat $pool_mode)
	percpu=percpu
	[ "$first" = global ] || percpu=pernode
	profile percpu "{threads: 5, start: true, versions: [4.2], pool-mode: $percpu}"
	has_netlink=$("$netlink" probe)
	case $(uname -r) in
	5.10.* | 6.1.*) t_is "this kernel has no netlink family" "" "$has_netlink" ;;
	*) t_is "this kernel has the netlink family" yes "$has_netlink" ;;
	esac
}

# --- a stopped server is not started --------------------------------------------------------

not_started() {
	before=$(listeners 2049)$(listeners 111)
	run audit -v "$work/pin.yaml"
	t_is "start: false, audit" 0 "$status"
	run apply -v "$work/pin.yaml"
	t_is "start: false, apply" 0 "$status"
	says "start: false: reason" "no NFS server is running"
	t_is "start: false opens no port" "" "$before$(listeners 2049)$(listeners 111)"
	t_not "the nfsd file system is not mounted" grep -q ' nfsd ' /proc/mounts
	t_is "no thread runs" "" "$(pgrep -x nfsd)"

	run apply "$work/start3.yaml"
	t_is "NFSv3 without rpcbind: exit" 3 "$status"
	says "NFSv3 without rpcbind: reason" "NFSv3 needs rpcbind"
	says "NFSv3 without rpcbind: remedy" "versions: [4.1, 4.2]"
	t_is "NFSv3 without rpcbind: nothing is changed" "" "$(listeners 2049)$(grep ' nfsd ' /proc/mounts)"

	# asking for the family by name would run modprobe
	strace -f --seccomp-bpf -e trace=network,mount -o "$work/trace" "$hosttune" audit "$work/pin.yaml" >/dev/null 2>&1
	if [ "$has_netlink" ]; then
		t_ok "netlink is used" grep -q AF_NETLINK "$work/trace"
		t_not "the audit mounts nothing" grep -q 'mount("nfsd"' "$work/trace"
	fi
}

# --- starting -----------------------------------------------------------------------------------

starting() {
	run apply -v "$work/start.yaml"
	t_is "start: true, NFSv4 only" 0 "$status"
	[ "$status" = 0 ] || cat "$work/out"
	t_is "it listens on TCP 2049 of IPv4 and IPv6, and nowhere else" \
		"tcp 0.0.0.0:2049 tcp [::]:2049" "$(listeners 2049)"
	t_is "rpcbind's port is not opened" "" "$(listeners 111)"
	t_is "threads" 5 "$(threads)"
	t_is "block size" 262144 "$(cat $nfsd/max_block_size)"
	for version in -3 -4.0 +4.1 +4.2; do
		t_ok "version $version" grep -qw -- "$version" $nfsd/versions
	done
	run audit "$work/start.yaml"
	t_is "the audit is clean" 0 "$status"
	run audit -v "$work/start.yaml"
	says "counters are reported" "details: "

	run apply -v "$work/pin.yaml"
	t_is "a running server is pinned" "0 3" "$status $(threads)"
	both='; pool-mode global (should be percpu)'
	[ $percpu = percpu ] || both=''
	run apply "$work/percpu.yaml"
	t_is "settings of a stopped server: the threads are still pinned" "1 5" "$status $(threads)"
	says "settings of a stopped server: the difference is reported" "versions 4.1, 4.2 (should be 4.2)${both};"
	t_is "settings of a stopped server: the pool mode is not changed" "$first" "$(cat $pool_mode)"
	stop
	t_is "stopped: no listener" "" "$(listeners 2049)"

	run apply "$work/percpu.yaml"
	case $(nproc)$percpu in
	1* | *pernode) started=5 pinned=3 ;;
	*) started='2 3' pinned='2 1' ;;
	esac
	t_is "started with a pool for each CPU" "0 $started" "$status $(tr ' ' '\n' <$nfsd/pool_threads | sort | xargs)"
	t_is "pool mode" $percpu "$(cat $pool_mode)"
	run apply "$work/pin.yaml"
	t_is "pinned in all pools" "0 $pinned" "$status $(cat $nfsd/pool_threads)"
	[ "$(nproc)" = 1 ] || [ $percpu = pernode ] || empty_pool
	stop
	echo "$first" >$pool_mode
	[ $percpu = percpu ] || one_mode

	printf 'version: 1\nsysctl: {vm.swappiness: 33}\nnfsd: {threads: 2, start: true, versions: [4.2], pool-mode: %s}\n' $percpu >"$work/late.yaml"
	swappiness=$(cat /proc/sys/vm/swappiness)
	take_port 2049
	run apply -v --no-api "$work/late.yaml"
	release_port
	t_is "a start that fails: exit" 3 "$status"
	says "a start that fails: reason" "Address already in use"
	t_is "a start that fails: everything is rolled back" "$swappiness $first" \
		"$(cat /proc/sys/vm/swappiness) $(cat $pool_mode)$(grep ' nfsd ' /proc/mounts)$(listeners 2049)"
}

# The kernel accepts a write of another mode, and ignores it: refused before the first write.
one_mode() {
	printf 'version: 1\nsysctl: {vm.swappiness: 33}\nnfsd: {threads: 2, start: true, pool-mode: percpu}\n' >"$work/mode.yaml"
	echo global >$pool_mode
	t_is "the kernel has one pool mode" pernode "$(cat $pool_mode)"
	run apply -v --no-api "$work/mode.yaml"
	t_is "another pool mode: exit" 3 "$status"
	says "another pool mode: reason" "does not support pool-mode percpu: since Linux 7.3, it is always pernode"
	t_is "another pool mode: no server" "" "$(listeners 2049)"
}

# asked CPU: whether a client on that processor gets an answer. Its packets arrive there, too. It
# calls the procedure NULL of NFSv4.
asked() {
	printf '\200\0\0\050\0\0\0\001\0\0\0\0\0\0\0\002\0\001\206\243\0\0\0\004\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' \
		>"$work/call"
	# shellcheck disable=SC2016 # expanded inside
	timeout 20 taskset -c "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/2049 && cat "$1" >&3 && head -c 28 <&3' \
		bash "$work/call" >"$work/answer"
	[ "$(wc -c <"$work/answer")" = 28 ]
}

# The server has a pool for each of two processors.
empty_pool() {
	t_ok "the client of processor 0 is served" asked 0
	t_ok "the client of processor 1 is served" asked 1
	run apply "$work/one.yaml"
	t_is "fewer threads than pools" "0 1 0" "$status $(cat $nfsd/pool_threads)"
	says "fewer threads than pools: warning" "1 of 2 pools without a thread: kernels before July 2026 do not answer clients whose packets arrive at their CPUs"
	t_ok "fewer threads than pools: a client of the other pool" asked 0
	# since a patch of July 2026, the kernel serves it from the other pool
	! asked 1 || echo "# this kernel answers a client of the empty pool"
	run audit -o json "$work/one.yaml"
	t_is "fewer threads than pools: audit" "0 ok NfsdPools" \
		"$status $(jq -r '.resources[] | select(.kind == "nfsd") | "\(.state) \(.reason)"' "$work/out")"
	run apply "$work/pin.yaml"
	t_ok "threads for each pool again: the client is served" asked 1
	echo 3 0 >$nfsd/pool_threads
	run audit "$work/pin.yaml"
	t_is "as many threads, but not in each pool: audit" 1 "$status"
	says "as many threads, but not in each pool: reason" "nfsd threads (empty pools)"
	run apply "$work/pin.yaml"
	t_is "as many threads, but not in each pool: apply" "0 2 1" "$status $(cat $nfsd/pool_threads)"
	run audit "$work/few.yaml"
	says "a profile with fewer threads than pools: warning" "pool-mode percpu makes 2 pools on this node, and 1 of them without a thread"
}

# --- other network namespaces -----------------------------------------------------------------

namespaces() {
	run apply "$work/start.yaml"
	# shellcheck disable=SC2016 # expanded inside
	unshare -n sh -c 'ip link set lo up; "$1" audit -v "$2"' sh "$hosttune" "$work/pin.yaml" >"$work/out" 2>&1
	says "another namespace has no server, although the host's files are visible" "no NFS server is running"
	# shellcheck disable=SC2016
	unshare -n sh -c 'ip link set lo up; unshare -m "$1" apply --no-api "$2"; unshare -m "$1" audit -v --no-api "$2"' \
		sh "$hosttune" "$work/pin.yaml" >"$work/out" 2>&1
	t_is "pinning there does not change the host's server" 5 "$(threads)"
	unshare -n "$hosttune" watch --no-api "$work/pin.yaml" >"$work/out" 2>&1 &
	t_ok "a watch there does" until_ok has_threads 3
	kill $!
	wait $!
	stop
	# shellcheck disable=SC2016
	unshare -n sh -c 'ip link set lo up; "$1" apply --no-api "$2"; "$1" audit -v --no-api "$2"; [ -z "$4" ] || "$3" 0' \
		sh "$hosttune" "$work/percpu.yaml" "$netlink" "$has_netlink" >"$work/out" 2>&1
	says "a server is started in another namespace" "nfsd threads 5 5"
	[ "$has_netlink" ] || umount $nfsd
	echo "$first" >$pool_mode
	t_not "the host's nfsd file system is not used for it" grep -q ' nfsd ' /proc/mounts
}

# A server that netlink started has no mount: mounting and unmounting would stop it.
netlink_only() {
	[ "$has_netlink" ] || return 0
	"$netlink" 6 || t_fail "start by netlink"
	t_not "no file system is mounted" grep -q ' nfsd ' /proc/mounts
	run audit -v "$work/start.yaml"
	says "its threads are counted" "threads is 6, should be 5"
	says "values that only files have are unknown" "max-block-size unknown"
	run apply -v "$work/pin.yaml"
	t_is "it is pinned" 0 "$status"
	run audit "$work/pin.yaml"
	t_is "the audit is clean" 0 "$status"
	t_is "it still runs, with the configured threads" "3" "$(pgrep -cx nfsd)"
	t_is "it listens" "tcp 0.0.0.0:2049 tcp [::]:2049" "$(listeners 2049)"
	"$netlink" 0
	# shellcheck disable=SC2016
	unshare -n sh -c 'ip link set lo up; "$1" 6; "$2" apply -v --no-api "$3"; "$2" audit -v --no-api "$3"; pgrep -cx nfsd
		"$1" 0 >/dev/null' \
		sh "$netlink" "$hosttune" "$work/pin.yaml" >"$work/out" 2>&1
	says "it is pinned in another network namespace, too" "nfsd threads 6 3"
	t_is "3 threads are left there" 3 "$(tail -n 1 "$work/out")"
}

# --- clients that keep working -------------------------------------------------------------------

# client DIRECTORY: write, read back without the cache, compare, until $work/stop exists. Leave
# DIRECTORY.enough after twenty times.
client() {
	n=0
	while ! [ -e "$work/stop" ]; do
		dd if="$work/content" of="$1/file$((n % 4))" bs=64k conv=fsync 2>/dev/null || break
		dd if="$1/file$((n % 4))" bs=64k iflag=direct 2>/dev/null | cmp -s - "$work/content" || break
		n=$((n + 1))
		[ $n -lt 20 ] || : >"$1.enough"
		sleep 0.2 # leave time on the emulated processors for the rest
	done
	[ -e "$work/stop" ] && echo "$n" >"$1.done"
}

clients() {
	mkdir -p /srv/export "$work/v3" "$work/v4" /var/lib/nfs/v4recovery
	mount -t tmpfs -o size=64M export /srv/export
	mkdir /srv/export/v3 /srv/export/v4
	echo '/srv/export 127.0.0.1(rw,fsid=0,no_subtree_check,no_root_squash,insecure)' >/etc/exports
	rpcbind -w
	profile both '{threads: 4, start: true, versions: [3, 4.2]}'
	run apply -v "$work/both.yaml"
	t_is "NFSv3 with rpcbind: started" "0 4" "$status $(threads)"
	[ "$status" = 0 ] || cat "$work/out"
	t_ok "rpcbind knows of NFSv3" sh -c "rpcinfo -p | grep -q '100003 *3 *tcp *2049'"
	exportfs -a
	rpc.mountd
	echo Y >$nfsd/v4_end_grace
	t_ok "an NFSv3 client" mount.nfs -o vers=3,nolock,proto=tcp 127.0.0.1:/srv/export/v3 "$work/v3"
	t_ok "an NFSv4.2 client" mount.nfs -o vers=4.2 127.0.0.1:/v4 "$work/v4"
	head -c 262144 /dev/urandom >"$work/content"
	client "$work/v3" &
	client3=$!
	client "$work/v4" &
	client4=$!
	for n in 1 2 9 4 7; do
		profile "n$n" "{threads: $n}"
	done
	pins=${HOSTTUNE_PINS:-200} pinned=0
	while [ $pinned -lt "$pins" ]; do
		for n in 1 2 9 4 7; do
			"$hosttune" apply -q --no-api "$work/n$n.yaml" || break 2
			[ "$(threads)" = "$n" ] || break 2
			pinned=$((pinned + 1))
		done
	done
	until_ok test -e "$work/v3.enough" -a -e "$work/v4.enough"
	: >"$work/stop"
	wait $client3 $client4
	t_is "pinned $pins times" "$pins" "$pinned"
	for version in v3 v4; do
		if [ "$(cat "$work/$version.done")" -gt 0 ]; then
			t_pass "$version: all that was written is read back, $(cat "$work/$version.done") times"
		else
			t_fail "$version: all that was written is read back" "$(ls -l "$work/$version")"
		fi
	done
	run audit -o json "$work/n7.yaml"
	t_is "counters: calls of both versions" true \
		"$(jq '.resources[] | select(.kind == "nfsd").evidence.counted | ."v3-calls" > 100 and ."v4-calls" > 100' "$work/out")"
	t_is "counters: packets of pools, threads of the kernel" true \
		"$(jq '.resources[] | select(.kind == "nfsd").evidence.counted | ."packets-arrived" > 100 and ."cpu-ms" > 0 and .connections > 0' "$work/out")"
	jq -c '.resources[] | select(.kind == "nfsd").evidence' "$work/out" | sed 's/^/# /'
	if [ "${HOSTTUNE_SHOW-}" ]; then
		for file in $nfsd/pool_stats $nfsd/filecache /proc/net/rpc/nfsd; do
			echo "# $file" && sed 's/^/# /' "$file"
		done
	fi
	umount "$work/v3" "$work/v4"
	pkill -x rpc.mountd
	stop
	pkill -x rpcbind
	rm -f /run/rpcbind.sock # a stale socket would look like a running rpcbind
}

# --- a bootstrap container ---------------------------------------------------------------------

container() {
	bottlerocket_host
	cp -r "$B/rootfs" /run/rootfs
	in_container() {
		mkdir -p /local/bootstrap-containers/hosttune
		cp "$work/$1.yaml" /local/bootstrap-containers/hosttune/user-data
		shift
		status=0
		bootstrap_container hosttune /run/rootfs /usr/bin/hosttune "$@" >"$work/out" 2>&1 || status=$?
	}
	profile quiet '{threads: 3}'
	in_container quiet apply -v --no-api
	t_is "container, start: false: no port" "0 " "$status $(listeners 2049)"
	profile start34 '{threads: 5, start: true, versions: [3, 4.2]}'
	in_container start34 apply -v --no-api
	says "container, NFSv3 without rpcbind: reason" "NFSv3 needs rpcbind"
	in_container start apply -v --no-api
	t_is "container, start: true" 0 "$status"
	[ "$status" = 0 ] || cat "$work/out"
	t_is "it continues after the container has ended" "5 tcp 0.0.0.0:2049 tcp [::]:2049" "$(pgrep -cx nfsd) $(listeners 2049)"
	in_container quiet apply -v --no-api
	t_is "container, pinned" "0 3" "$status $(pgrep -cx nfsd)"
	in_container percpu apply --no-api
	t_is "container, settings of a stopped server" 1 "$status"
	says "container, settings of a stopped server: reason" "can only be changed while the server is stopped"
	mkdir -p "$nfsd"
	mount -t nfsd nfsd $nfsd
	echo 0 >$nfsd/threads
	umount $nfsd
	umount /mnt/.hosttune/nfsd
	[ "$has_netlink" ] || return 0
	"$netlink" 6
	in_container quiet apply -v --no-api
	t_is "container, a server that netlink started is pinned" "0 3" "$status $(pgrep -cx nfsd)"
	"$netlink" 0
}

prepare
if [ "${1-}" = pools ]; then
	starting
	t_done
fi
not_started
starting
namespaces
netlink_only
case $(uname -r) in
5.10.* | 6.1.*) clients ;;
*) [ -z "${HOSTTUNE_FULL-}" ] || clients ;;
esac
container
t_done
