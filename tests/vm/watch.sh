#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# hosttune watch on a real kernel: it pins the servers of several network namespaces, starts
# no stopped server, and leaks nothing.
#
# usage: tests/vm/run -d 1 -s 320M -t 600 -- tests/vm/watch.sh
# shellcheck disable=SC2016,SC2317 # texts for sh -c; functions that others call
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d)
profile=$work/profile.yaml
watch=

# t_soon NAME COMMAND [ARG...]: passes if the command succeeds within $SOON.
t_soon() {
	_what=$1
	shift
	if until_ok "$@"; then
		t_pass "$_what"
	else
		t_fail "$_what" "not within $((SOON / 10)) s: $*" "$(tail -n 20 "$work/log")"
	fi
}

# prints TEXT COMMAND [ARG...]: succeeds if the command prints exactly TEXT.
prints() {
	_want=$1
	shift
	[ "$("$@" 2>/dev/null)" = "$_want" ]
}

# --- servers --------------------------------------------------------------------------

# pod NAME: start a process with its own network and mount namespaces, as in a container.
pod() {
	rm -f "$work/$1.pid"
	unshare -n -m sh -c '
		ip link set lo up
		mount -t nfsd nfsd /media
		echo $$ >"$1"
		exec sleep 1000' sh "$work/$1.pid" &
	until_ok test -s "$work/$1.pid" || fail "pod $1 does not start"
}

in_pod() {
	_pid=$(cat "$work/$1.pid")
	shift
	nsenter -t "$_pid" -n -m "$@"
}

end_pod() {
	kill "$(cat "$work/$1.pid")"
	rm "$work/$1.pid"
}

# serve THREADS WHERE...: start a server as rpc.nfsd does, but without NFSv3, which needs
# rpcbind.
serve() {
	_threads=$1
	shift
	"$@" sh -c 'cd /media && [ "$(cat threads)" != 0 ] || echo "-2 -3" >versions
		echo "$1" >/media/threads' sh "$_threads"
}

threads_of() {
	"$@" cat /media/threads
}

host() {
	"$@"
}

th() {
	awk '$1 == "th" { print $2 }' /proc/net/rpc/nfsd
}

# --- the watch ------------------------------------------------------------------------

start_watch() {
	: >"$work/log"
	"$hosttune" watch --interval 1 "$@" "$profile" >"$work/log" 2>&1 &
	watch=$!
}

# Print the warnings and errors of the watch itself. What a diagnosis finds is of the VM.
complains() {
	grep -E 'warning|error' "$work/log" | grep -v 'warning: found '
}

# End the watch, and set $status to its exit status.
stop_watch() {
	kill -TERM "$watch"
	status=0
	wait "$watch" || status=$?
}

said() {
	grep -qF -- "$1" "$work/log"
}

prepare() {
	modprobe nfsd
	ip link set lo up
	# as the host's tools mount it; /media must not count as a pod's mount
	mount -t nfsd nfsd /proc/fs/nfsd
	mount -t nfsd nfsd /media
	cat >"$profile" <<-END
		version: 1
		sysctl: {vm.swappiness: 10}
		nfsd: {threads: 8}
		persist: false
	END
}

pinning() {
	pod first
	pod idle
	start_watch --audit-interval 0 -v
	t_soon "the watch begins" said watching
	serve 64 in_pod first
	serve 16 host
	t_soon "a pod's server is pinned" prints 8 threads_of in_pod first
	t_soon "the host's server is pinned" prints 8 threads_of host
	t_soon "each pin is logged" said "(pid $(cat "$work/first.pid") sleep): 64 -> 8 threads"
	t_soon "the namespace is logged" said "pinned nfsd in net:[$(stat -Lc %i /proc/1/ns/net)]"
	t_is "a stopped server stays stopped" 0 "$(threads_of in_pod idle)"

	serve 0 in_pod first
	serve 64 in_pod first
	t_soon "a server that starts again is pinned again" prints 8 threads_of in_pod first
	serve 0 host
	serve 32 host
	t_soon "the host's server is pinned again" prints 8 threads_of host
	serve 4 in_pod first
	t_soon "a lowered number of threads is raised" prints 8 threads_of in_pod first
	# all within one interval: again eight threads in total, but of another server
	serve 0 in_pod first
	serve 0 host
	serve 16 in_pod idle
	t_soon "the same sum of threads, another server" prints 8 threads_of in_pod idle
	serve 0 in_pod idle
	t_soon "all are stopped" prints 0 th
	sleep 3 # intervals
	t_is "no server was started" "0 0 0" \
		"$(threads_of host) $(threads_of in_pod first) $(threads_of in_pod idle)"
	stop_watch
	t_is "SIGTERM ends it" 0 "$status"
	end_pod first
	end_pod idle
}

# A namespace without a process, held by a mounted file.
mounted_file() {
	ip netns add kept
	start_watch --audit-interval 0
	ip netns exec kept sh -c 'ip link set lo up; mount -t nfsd nfsd /media; echo "-2 -3" >/media/versions
		echo 24 >/media/threads; exec sleep 1000' &
	holder=$!
	t_soon "the server in it runs" said "24 -> 8 threads"
	kill $holder
	wait $holder
	stop_watch
	# the kernel stops the server with the last mount of its file system: keep one
	mkdir -p /run/nfsd-kept
	nsenter --net=/run/netns/kept mount -t nfsd nfsd /run/nfsd-kept
	echo 24 >/run/nfsd-kept/threads
	t_is "no process is in that namespace" "" "$(pids_in "$(stat -Lc %i /run/netns/kept)")"
	start_watch --audit-interval 0
	t_soon "a namespace without a process" prints 8 cat /run/nfsd-kept/threads
	t_soon "its file is logged" said "(/run/netns/kept): 24 -> 8 threads"
	stop_watch
	echo 0 >/run/nfsd-kept/threads
	umount /run/nfsd-kept
	ip netns del kept
}

pids_in() {
	for _link in /proc/[0-9]*/ns/net; do
		[ "$(stat -Lc %i "$_link" 2>/dev/null)" != "$1" ] || echo "$_link"
	done
}

# --- the rest of the profile ----------------------------------------------------------

mending() {
	sysctl -qw vm.swappiness=60
	start_watch --audit-interval 1
	t_soon "drift is fixed at the start" prints 10 cat /proc/sys/vm/swappiness
	sysctl -qw vm.swappiness=70
	t_soon "later drift is fixed" prints 10 cat /proc/sys/vm/swappiness
	t_soon "each fix is logged" said "fixed sysctl vm.swappiness: 70 -> 10"
	t_not "the apply lock is released" sh -c "flock -n /run/hosttune/lock true || exit 0; exit 1"

	# another run holds the lock for 3 s: the watch waits
	flock /run/hosttune/lock sh -c "sysctl -qw vm.swappiness=80; sleep 3; sysctl -n vm.swappiness >$work/held"
	t_is "while another run holds the lock nothing is fixed" 80 "$(cat "$work/held")"
	t_soon "afterwards it is fixed" prints 10 cat /proc/sys/vm/swappiness

	sed -i "s/swappiness: 10/swappiness: 15/" "$profile"
	kill -HUP "$watch"
	t_soon "SIGHUP loads the profile again" prints 15 cat /proc/sys/vm/swappiness
	t_soon "the reload is logged" said "profile reloaded: 2 resources"
	sed s/threads/threds/ "$profile" >"$work/bad"
	cp "$profile" "$work/good"
	cp "$work/bad" "$profile"
	kill -HUP "$watch"
	t_soon "a bad profile is logged with its place" said "profile.yaml:3:8: nfsd: unknown key \"threds\""
	t_soon "a bad profile is not used" said "the previous one stays in effect"
	sysctl -qw vm.swappiness=70
	t_soon "the previous profile stays in use" prints 15 cat /proc/sys/vm/swappiness
	cp "$work/good" "$profile"
	serve 64 host
	t_soon "its number of threads stays in use" prints 8 threads_of host
	sed -i "s/threads: 8/threads: 12/" "$profile"
	kill -HUP "$watch"
	t_soon "another number of threads" prints 12 threads_of host
	stop_watch
	t_is "it exits with 0" 0 "$status"
	sed -i "s/threads: 12/threads: 8/" "$profile"

	start_watch --audit-interval 1 -n
	t_soon "dry run: a server is reported" said "dry run: threads is 12, should be 8"
	sysctl -qw vm.swappiness=60
	t_soon "dry run: drift is reported" said "drift sysctl vm.swappiness"
	t_is "dry run: nothing is changed" "60 12" "$(sysctl -n vm.swappiness) $(threads_of host)"
	stop_watch
	serve 0 host
}

# --- metrics --------------------------------------------------------------------------

metric() {
	sed -n "s/^hosttune_$1 //p" "$work/metrics.prom"
}

metric_is() {
	[ "$(metric "$1")" = "$2" ]
}

metrics() {
	pod first
	serve 64 in_pod first
	start_watch --audit-interval 1 --metrics-file "$work/metrics.prom" --metrics-listen 127.0.0.1:9876
	ino=$(stat -Lc %i "/proc/$(cat "$work/first.pid")/ns/net")
	t_soon "metrics: threads of a namespace" metric_is "nfsd_threads{netns=\"$ino\"}" 8
	t_soon "metrics: pins" metric_is nfsd_pins_total 1
	t_soon "metrics: in sync" metric_is in_sync 1
	t_ok "metrics: promtool accepts the file" sh -c "promtool check metrics <$work/metrics.prom 2>&1"
	t_is "metrics: promtool has no remark about the file" "" "$(promtool check metrics <"$work/metrics.prom" 2>&1)"
	curl -s -m 20 http://127.0.0.1:9876/metrics >"$work/page"
	t_is "metrics: promtool accepts the page" "" "$(promtool check metrics <"$work/page" 2>&1)"
	t_is "metrics: threads on the page" "hosttune_nfsd_threads{netns=\"$ino\"} 8" \
		"$(grep '^hosttune_nfsd_threads{' "$work/page")"
	t_is "metrics: other paths and methods are refused" "404 405" \
		"$(curl -s -m 20 -o /dev/null -w '%{http_code}' http://127.0.0.1:9876/) $(curl -s -m 20 -o /dev/null -w '%{http_code}' -X POST http://127.0.0.1:9876/metrics)"
	t_is "metrics: it listens on this address only" "127.0.0.1:9876" "$(ss -Hltn 'sport = 9876' | awk '{ print $4 }')"
	t_is "metrics: health" "ok 200" "$(curl -s -m 20 -w '%{http_code}' http://127.0.0.1:9876/healthz | xargs)"
	t_soon "metrics: a diagnosis" metric_is 'diagnoses_total{result="done"}' 1
	t_ok "metrics: its findings are counted" grep -q '^hosttune_findings{severity="critical"} ' "$work/metrics.prom"
	end_pod first
	until_ok prints 0 th
	t_soon "metrics: a server that has ended is removed" metric_is nfsd_threads_node 0
	stop_watch
	t_not "metrics: the file is removed at the end" test -e "$work/metrics.prom"
	sysctl -qw vm.swappiness=60
	"$hosttune" audit -o prometheus "$profile" >"$work/audit.prom"
	t_is "metrics: an audit in one file" "" "$(promtool check metrics <"$work/audit.prom" 2>&1)"
	t_ok "metrics: drift" grep -qxF 'hosttune_resource_drift{kind="sysctl",name="vm.swappiness",state="drift"} 1' "$work/audit.prom"
}

# --- turnover -------------------------------------------------------------------------

# Print the resources that the watch holds, and mounts and namespaces that it could leak.
held() {
	echo "fds $(find "/proc/$watch/fd" -mindepth 1 | wc -l)" \
		"mounts $(wc -l <"/proc/$watch/mountinfo")" \
		"children $(pgrep -c -P "$watch")" \
		"namespaces $(lsns -n -t net | wc -l)"
}

# Its own memory: what libraries map from their files is shared, and differs from build to build.
anonymous_kib() {
	awk '$1 == "RssAnon:" { print $2 }' "/proc/$watch/status"
}

# quiet: wait for a moment without an audit or an old pod, and print what is held then. One
# look takes several processes, so an audit may begin in the middle of it: two looks must
# agree.
quiet() {
	_last=
	_n=0
	while :; do
		_now=$(held)
		case $_now in
		*" children 0 namespaces 1") [ "$_now" != "$_last" ] || break ;;
		esac
		_last=$_now
		_n=$((_n + 1))
		[ "$_n" -lt "$SOON" ] || break
	done
	echo "$_now"
}

# at_most HELD: nothing is held beyond it. Each audit adds a child and a descriptor for a
# while; a leak stays.
at_most() {
	# shellcheck disable=SC2046,SC2086 # words
	set -- $1 $(held)
	[ "${10}" -le "$2" ] && [ "${12}" -le "$4" ] && [ "${14}" -le "$6" ] && [ "${16}" -le "$8" ]
}

turnover() {
	start_watch --audit-interval 2
	t_soon "turnover: the watch has started" said "vm.swappiness"
	serve 64 host
	t_soon "turnover: the host's server is pinned" prints 8 threads_of host
	before=$(quiet)
	t_is "turnover: quiet before ($before)" "children 0 namespaces 1" "${before#* mounts * }"
	own=$(anonymous_kib)
	missed=0
	# fifty in a minute; each fifth serves and stays until it is pinned, the others vanish at
	# any moment of a scan
	for i in $(seq 50); do
		if [ $((i % 5)) -eq 0 ]; then
			pod turn
			serve $((20 + i)) in_pod turn
			until_ok prints 8 threads_of in_pod turn || missed=$((missed + 1))
			serve 64 host
			end_pod turn
		else
			unshare -n -m sh -c 'ip link set lo up; mount -t nfsd nfsd /media
				[ "$1" != 0 ] || { echo "-2 -3" >/media/versions; echo 9 >/media/threads; }' sh $((i % 3))
		fi
	done
	t_is "turnover: no server was missed" 0 "$missed"
	t_soon "turnover: the host's is pinned in the end" prints 8 threads_of host
	t_soon "turnover: no descriptor, mount, child or namespace is left" at_most "$before"
	after=$(anonymous_kib)
	t_ok "turnover: memory does not grow ($own -> $after KiB)" test "$after" -le $((own + 512))
	t_ok "turnover: below 4 MiB" test "$after" -lt 4096
	t_not "turnover: a namespace that vanishes is no failure" complains
	t_is "turnover: only changes are logged" "" "$(grep -vE 'pinned|fixed|found' "$work/log")"
	stop_watch
	serve 0 host
}

# --- rights ---------------------------------------------------------------------------

# With the rights of a bootstrap container, which cannot inspect a privileged pod.
rights() {
	pod first
	serve 64 in_pod first
	: >"$work/log"
	setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace \
		"$hosttune" watch --interval 1 --audit-interval 0 "$profile" >"$work/log" 2>&1 &
	watch=$!
	t_soon "without CAP_SYS_PTRACE: the effect is logged" said "CAP_SYS_PTRACE is missing"
	serve 16 host
	t_soon "without CAP_SYS_PTRACE: its own namespace is pinned" prints 8 threads_of host
	sleep 3
	t_is "without CAP_SYS_PTRACE: logged once" 1 "$(grep -c CAP_SYS_PTRACE "$work/log")"
	t_is "without CAP_SYS_PTRACE: the other server is not changed" 64 "$(threads_of in_pod first)"
	stop_watch
	t_is "without CAP_SYS_PTRACE: it exits with 0" 0 "$status"

	: >"$work/log"
	setpriv --bounding-set -sys_admin --inh-caps -sys_admin \
		"$hosttune" watch --interval 1 --audit-interval 0 "$profile" >"$work/log" 2>&1 &
	watch=$!
	t_soon "without CAP_SYS_ADMIN: the effect is logged" said "CAP_SYS_ADMIN is missing"
	sleep 3
	t_is "without CAP_SYS_ADMIN: logged once" 1 "$(grep -c CAP_SYS_ADMIN "$work/log")"
	stop_watch
	serve 0 host
	end_pod first
}

# --- pods of packaging/kubernetes -----------------------------------------------------

# start_daemonset MODE: run the container of its DaemonSet with the rights, mounts, arguments
# and memory limit that the overlay MODE gives it, and $work/config/profile.yaml as the config
# map.
start_daemonset() {
	bundle=/run/bundle-$1
	image=/run/image-$1
	cp -r "$B/rootfs" "$image"
	mkdir -p "$bundle" "$image/.bottlerocket/rootfs" "$image/etc/hosttune"
	runc spec --bundle "$bundle"
	jq --arg root "$image" --arg config "$work/config" --argjson capabilities "$(capabilities)" \
		--slurpfile objects "$B/kubernetes/$1.json" --slurpfile seccomp tests/vm/container.json \
		-f tests/vm/pod.jq "$bundle/config.json" >"$bundle/new" &&
		mv "$bundle/new" "$bundle/config.json"
	: >"$work/log"
	runc run --bundle "$bundle" "$1" </dev/null >"$work/log" 2>&1 &
	container=$!
}

# end_daemonset MODE: end it, and check that it never needed more than half of its memory.
end_daemonset() {
	peak=$(cat "/sys/fs/cgroup/$1/memory.peak" 2>/dev/null || echo 0)
	limit=$(cat "/sys/fs/cgroup/$1/memory.max" 2>/dev/null || echo 0)
	t_ok "$1 pod: at most half of its memory ($peak of $limit bytes)" test "$peak" -gt 0 -a "$peak" -lt $((limit / 2))
	runc kill "$1" TERM
	status=0
	wait $container || status=$?
	t_is "$1 pod: SIGTERM ends it" 0 "$status"
	rm -rf "$bundle" "$image"
}

page() {
	curl -s -m 20 http://127.0.0.1:9876/metrics
}

page_has() {
	page | grep -qxF "$1"
}

watch_daemonset() {
	cp packaging/kubernetes/base/profile.yaml "$work/config/profile.yaml"
	echo "sysctl: {vm.swappiness: 10}" >>"$work/config/profile.yaml"
	sysctl -qw vm.swappiness=60
	pod first
	start_daemonset watch
	t_soon "watch pod: the rest of the profile is applied" said "fixed sysctl vm.swappiness"
	serve 64 in_pod first
	serve 32 host
	t_soon "watch pod: a pod's server is pinned" prints 8 threads_of in_pod first
	t_soon "watch pod: the host's server is pinned" prints 8 threads_of host
	# a pod that starts after the container: the container's mounts lack its namespace
	pod second
	serve 48 in_pod second
	t_soon "watch pod: a later pod's server is pinned" prints 8 threads_of in_pod second
	t_ok "watch pod: metrics" page_has "hosttune_nfsd_pins_total 3"
	t_is "watch pod: health" ok "$(curl -s -m 20 http://127.0.0.1:9876/healthz)"
	# those of the alerts that tests/kubernetes does not see: no server runs there
	page >"$work/page"
	t_is "watch pod: each metric of the alerts is exported" "" \
		"$(grep -oh 'hosttune_nfsd[a-z_]*' packaging/kubernetes/overlays/monitoring/prometheus-rule.yaml | sort -u |
			while read -r metric; do grep -q "^${metric}[ {]" "$work/page" || echo "$metric"; done)"
	end_daemonset watch
	t_not "watch pod: no warning" complains
	end_pod first
	end_pod second
	serve 0 host
}

# Without any capability, an audit reads what root can, and cannot write.
audit_daemonset() {
	cat >"$work/config/profile.yaml" <<-END
		version: 1
		modules: [nfsd]
		sysctl: {vm.swappiness: 10, vm.mmap_rnd_bits: {min: 0}, kernel.shmmni: 5000, net.core.somaxconn: 5000}
		nfsd: {threads: 8}
		persist: false
	END
	sysctl -qw vm.swappiness=60 kernel.shmmni=5000 net.core.somaxconn=5000
	serve 32 host
	start_daemonset audit
	t_soon "audit pod: drift is exported" page_has 'hosttune_resource_drift{kind="sysctl",name="vm.swappiness",state="drift"} 1'
	for key in vm.mmap_rnd_bits kernel.shmmni net.core.somaxconn; do
		t_ok "audit pod: $key of the host is read" page_has "hosttune_resource_drift{kind=\"sysctl\",name=\"$key\",state=\"ok\"} 0"
	done
	t_ok "audit pod: the host's NFS server is read" page_has 'hosttune_resource_drift{kind="nfsd",name="nfsd",state="drift"} 1'
	t_ok "audit pod: nothing fails" page_has 'hosttune_resources{state="failed"} 0'
	t_is "audit pod: health" ok "$(curl -s -m 20 http://127.0.0.1:9876/healthz)"
	pid=$(runc state audit | jq .pid)
	t_is "audit pod: it has no capability" 0000000000000000 "$(awk '$1 == "CapEff:" { print $2 }' "/proc/$pid/status")"
	t_is "audit pod: none of the host's file systems is writable" "" \
		"$(awk '$5 ~ "^/.bottlerocket" && $6 !~ /^ro(,|$)/ { print $5 }' "/proc/$pid/mountinfo")"
	t_is "audit pod: nothing is changed" "60 32" "$(sysctl -n vm.swappiness) $(threads_of host)"
	end_daemonset audit
	t_not "audit pod: no error" grep -E 'error' "$work/log"
	serve 0 host
}

# Drives: only with privileges, and still nothing is changed.
audit_drives_daemonset() {
	drive=$(drive_by_serial AWS00000000000000001)
	mkfs.xfs -q -L data "$drive"
	mkdir -p /mnt/data
	mount "$drive" /mnt/data
	cat >"$work/config/profile.yaml" <<-END
		version: 1
		storage: [{name: data, disks: {model: QEMU NVMe Ctrl, serial: AWS00000000000000001}, label: data, mount: /mnt/data}]
		persist: false
	END
	start_daemonset audit
	t_soon "audit pod: drives need more rights, which is reported" page_has 'hosttune_resource_drift{kind="filesystem",name="data",state="failed"} 1'
	end_daemonset audit
	written=$(sectors_written "$drive")
	start_daemonset audit-drives
	t_soon "audit pod with drives: the file system" page_has 'hosttune_resource_drift{kind="filesystem",name="data",state="ok"} 0'
	t_ok "audit pod with drives: the mount" page_has 'hosttune_resource_drift{kind="mount",name="data",state="ok"} 0'
	t_ok "audit pod with drives: all is in sync" page_has 'hosttune_in_sync 1'
	t_is "audit pod with drives: nothing is written" "$written" "$(sectors_written "$drive")"
	end_daemonset audit-drives
	umount /mnt/data
}

daemonsets() {
	[ -e "$B/kubernetes/watch.json" ] || {
		t_skip "the pods of packaging/kubernetes" "no kubectl on this machine"
		return
	}
	mkdir -p "$work/config"
	watch_daemonset
	audit_daemonset
	audit_drives_daemonset
}

# --- a host container -----------------------------------------------------------------

example=packaging/user-data/host-container.toml

# Do what host-containers and host-ctr do with the example's settings. It has no arguments.
start_host_container() {
	user_data=/local/host-containers/hosttune/user-data
	mkdir -p ${user_data%/*}
	sed -n 's/^user-data = "\(.*\)"$/\1/p' $example | base64 -d >$user_data
	: >"$work/log"
	host_container "$1" hosttune /run/image /usr/bin/hosttune >"$work/log" 2>&1 &
	container=$!
}

end_host_container() {
	runc kill hosttune TERM
	status=0
	wait $container || status=$?
}

# Call it last: the guest is a Bottlerocket host afterwards.
host_containers() {
	bottlerocket_host
	cp -r "$B/rootfs" /run/image
	t_is "host container: the comment of the example is its user data" \
		"$(sed -n 's/^#   //p' $example)" "$(sed -n 's/^user-data = "\(.*\)"$/\1/p' $example | base64 -d)"
	t_ok "host container: the example is superpowered" grep -qx 'superpowered = true' $example
	pod first
	start_host_container true
	serve 64 in_pod first
	serve 64 host
	t_soon "host container: without arguments it watches, with that profile" said "-> 8 threads"
	t_soon "host container: a pod's server is pinned" prints 8 threads_of in_pod first
	t_soon "host container: the host's server is pinned" prints 8 threads_of host
	serve 0 in_pod first
	serve 64 in_pod first
	t_soon "host container: a server that starts again is pinned again" prints 8 threads_of in_pod first
	pod second
	serve 48 in_pod second
	t_soon "host container: a later pod's server is pinned" prints 8 threads_of in_pod second
	# the container does not get mounts that the host makes later
	ip netns add kept
	nsenter --net=/run/netns/kept ip link set lo up
	mkdir -p /run/nfsd-kept
	nsenter --net=/run/netns/kept mount -t nfsd nfsd /run/nfsd-kept
	echo "-2 -3" >/run/nfsd-kept/versions
	echo 24 >/run/nfsd-kept/threads
	t_soon "host container: a later namespace that only a mounted file holds" prints 8 cat /run/nfsd-kept/threads
	end_host_container
	t_is "host container: SIGTERM ends it" 0 "$status"
	t_not "host container: no warning" complains
	t_is "host container: each pin is logged, and nothing else" 5 "$(grep -c 'pinned nfsd in' "$work/log")"
	echo 0 >/run/nfsd-kept/threads
	umount /run/nfsd-kept
	ip netns del kept
	end_pod second

	# not superpowered: its own PID namespace, and no rights
	serve 64 in_pod first
	start_host_container false
	t_soon "plain host container: missing rights are logged" said "CAP_SYS_ADMIN is missing"
	sleep 6 # an interval
	end_host_container
	t_is "plain host container: SIGTERM ends it" 0 "$status"
	t_is "plain host container: nothing is logged twice" "" "$(sort "$work/log" | uniq -d)"
	t_is "plain host container: nothing is pinned" 64 "$(threads_of in_pod first)"
	end_pod first
	serve 0 host
}

# --- a service manager ----------------------------------------------------------------

notify() {
	"${HOSTTUNE_B:-build}/notify-socket" "$work/notify" >"$work/notified" &
	listener=$!
	until_ok test -S "$work/notify"
	export NOTIFY_SOCKET="$work/notify" WATCHDOG_USEC=1000000
	start_watch --audit-interval 0
	unset NOTIFY_SOCKET WATCHDOG_USEC
	t_soon "READY=1" grep -qx READY=1 "$work/notified"
	t_soon "WATCHDOG=1" grep -qx WATCHDOG=1 "$work/notified"
	kill -HUP "$watch"
	t_soon "RELOADING=1" grep -qx RELOADING=1 "$work/notified"
	t_soon "and READY=1 again" sh -c "sed 1,/RELOADING=1/d $work/notified | grep -qx READY=1"
	stop_watch
	t_soon "STOPPING=1" grep -qx STOPPING=1 "$work/notified"
	kill $listener
}

pings() {
	grep -c WATCHDOG=1 "$work/notified"
}

# A visit of a namespace takes longer than the service manager waits.
slow_visit() {
	rm -f "$work/notify"
	"${HOSTTUNE_B:-build}/notify-socket" "$work/notify" >"$work/notified" &
	listener=$!
	until_ok test -S "$work/notify"
	NOTIFY_SOCKET="$work/notify" WATCHDOG_USEC=1000000 strace -f -qq -o /dev/null -e trace=setns \
		-e inject=setns:delay_enter=10000000 \
		"$hosttune" watch --interval 1 --audit-interval 0 "$profile" >"$work/log" 2>&1 &
	tracer=$!
	t_soon "slow visit: READY=1" grep -qx READY=1 "$work/notified"
	watch=$(pgrep -P $tracer)
	serve 64 host
	t_soon "slow visit: begins" pgrep -P "$watch"
	before=$(pings)
	sleep 4
	t_ok "slow visit: WATCHDOG=1 meanwhile" test "$(pings)" -ge $((before + 3))
	t_is "slow visit: has not ended" 64 "$(threads_of host)"
	t_soon "slow visit: ends" prints 8 threads_of host
	kill -TERM "$watch"
	status=0
	wait $tracer || status=$?
	t_is "slow visit: SIGTERM ends it" 0 "$status"
	kill $listener
	serve 0 host
}

usage() {
	for wrong in "--interval 0" "--interval 1s" "--audit-interval -1" "--diagnose-interval -1" "--metrics-listen localhost:80" \
		"--metrics-listen 127.0.0.1" "-o prometheus" "--deadline x"; do
		status=0
		# shellcheck disable=SC2086 # words
		"$hosttune" watch $wrong "$profile" >"$work/log" 2>&1 || status=$?
		t_is "watch $wrong: exit" 2 "$status"
	done
	printf 'version: 1\nsysctl: {vm.swappiness: 10}\n' >"$work/none.yaml"
	status=0
	"$hosttune" watch --audit-interval 0 --diagnose-interval 0 "$work/none.yaml" >"$work/log" 2>&1 || status=$?
	t_is "nothing to watch: exit" 2 "$status"
	t_ok "nothing to watch: reason" said "nothing to watch"
}

prepare
usage
pinning
mounted_file
mending
metrics
turnover
rights
daemonsets
notify
slow_visit
host_containers
t_done
