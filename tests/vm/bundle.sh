#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A bundle answers as its node: audit, show, facts and capture give the same from both, for
# every built-in profile, on an untouched and on a tuned node, without and with the API, and
# in a bootstrap container. It has no secrets, and collecting writes nothing but its file.
#
# usage: tests/vm/run -d 3 -s 320M -t 600 -- tests/vm/bundle.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
rootfs=/run/rootfs
work=$(mktemp -d /run/work.XXXXXX)
# the static program has no zstd
tar=tar.zst
"$hosttune" collect "$work/try.$tar" >/dev/null 2>&1 || tar=tar

# same NAME ARG...: the command gives the same result and exit status from the bundle.
same() {
	_of=$1
	shift
	"$hosttune" "$@" >"$work/live" 2>"$work/live.err"
	_live=$?
	_command=$1
	shift
	"$hosttune" "$_command" --bundle "$work/$_of" "$@" >"$work/bundle" 2>"$work/bundle.err"
	_bundle=$?
	# the next command is one for the node, and one that reads the bundle
	sed -i '/^Fix now:/,$d' "$work/live" "$work/bundle"
	t_is "$_of: $_command $*: exit status" $_live $_bundle
	t_is "$_of: $_command $*: same result" "" "$(diff "$work/live" "$work/bundle" | head -n 20)"
	t_is "$_of: $_command $*: same log" "" "$(diff "$work/live.err" "$work/bundle.err" | head -n 20)"
}

# audits FILE: collect, and compare the audit of each profile.
audits() {
	t_ok "$1: collected" "$hosttune" collect "$work/$1" "$work/own.yaml"
	for profile in $profiles "$work/own.yaml"; do
		same "$1" audit -o json "$profile"
	done
}

# findings ARG...: what a diagnosis finds, and what it cannot check, but for what may change
# from one moment to the next. Values of counters grow.
findings() {
	"$hosttune" diagnose -o json "$@" |
		jq -r "(.findings[] | [.severity, .reason, .subject]), (.not_checked[] | [.what]) | @tsv" |
		grep -vE "Pressure|WritersThrottled|TasksWait" | sort
}

# others FILE: compare everything else.
others() {
	same "$1" audit -v nfs-server
	same "$1" audit --no-api -o json nfs-server
	same "$1" show "$work/own.yaml"
	same "$1" facts
	same "$1" capture
	t_is "$1: diagnose: same findings" "$(findings --seconds 0)" "$(findings --bundle "$work/$1")"
}

api() {
	"$B/api-stub" --daemonize --pid-file "$work/pid" --save "$work/settings.json" /run/api.sock ||
		fail "api-stub does not start"
}

prepare() {
	bottlerocket_host
	cp -r "$B/rootfs" $rootfs
	ip link set lo up
	modprobe nfsd
	store=$(instance_store_drive AWS1111 "$(drive_by_serial AWS00000000000000001)")
	other=$(instance_store_drive AWS2222 "$(drive_by_serial AWS00000000000000002)")
	ebs_drive vol3333 "$(drive_by_serial AWS00000000000000003)" >/dev/null
	profiles=$("$hosttune" profiles -o json | jq -r '.[].name')
	cat >"$work/own.yaml" <<-END
		version: 1
		modules:
		  - tcp_bbr
		  - no_such_module
		  - xfs
		sysctl:
		  vm.swappiness: 10
		  net.ipv4.conf.*.rp_filter: 2
		  net.ipv4.tcp_congestion_control: htcp
		  net.ipv4.no_such_key: {value: 1, optional: true}
		storage:
		  - name: data
		    disks: {serial: AWS1111}
		    label: ephemeral
		    mount: /mnt/data
		    owner: 1000:1000
		    mode: 0750
		    bind: [/var/lib/kubelet]
		    move: true
		    queue: {scheduler: none, read-ahead: 4MiB, wbt-lat-usec: 0}
		  - name: rest
		    disks: {serial: AWS2222}
		    array: raid0
		    mount: /mnt/rest
		nfsd: {threads: 5, versions: [4.1, 4.2], start: true, max-block-size: 256KiB}
	END
}

untouched() {
	audits untouched.$tar
	t_run "$hosttune" audit --bundle "$work/untouched.$tar" nfs-server
	t_says "the fix is one for the node" "Fix now: on the node: hosttune apply nfs-server"
	t_says "details are in the bundle" "audit -v --bundle $work/untouched.$tar"
	others untouched.$tar
	t_is "nothing was written to the drives" "0 0" \
		"$(sectors_written "$store") $(sectors_written "$other")"
}

# collect opens nothing for writing but its file, in the directory of that file.
writes_nothing_else() {
	trace_changes "$work/trace" "$hosttune" collect "$work/traced.$tar" >/dev/null 2>&1
	t_is "collect writes nothing but its file" "" \
		"$(changes_in "$work/trace" | grep -v "$work/\.traced.$tar" | head -n 5)"
	t_is "only its owner can read it" 600 "$(stat -c %a "$work/traced.$tar")"
	chmod 644 "$work/traced.$tar"
	chmod 711 "$work"
	trace_changes "$work/trace" setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$hosttune" audit --bundle "$work/traced.$tar" nfs-server >"$work/out" 2>&1
	t_is "a user reads it" 1 $?
	t_is "reading writes nothing" "" "$(changes_in "$work/trace" | grep -v setpriv | head -n 5)"
}

tuned() {
	grep -vE 'no_such|rest|AWS2222|array|/mnt/rest' "$work/own.yaml" >"$work/apply.yaml"
	t_run "$hosttune" apply "$work/apply.yaml"
	t_ok "the drive is mounted" mountpoint -q /mnt/data
	audits tuned
	others tuned
	"$hosttune" apply nfs-server >/dev/null 2>&1
	audits tuned.tar
}

settings() {
	cat >"$work/secret.yaml" <<-END
		version: 1
		settings:
		  motd: "x"
		  kubernetes: {max-pods: 11}
		  host-containers: {admin: {user-data: c2VjcmV0}}
		  oci-defaults: {resource-limits: {max-open-files: {soft-limit: 65536, hard-limit: 65536}}}
	END
	api
	"$hosttune" apply "$work/secret.yaml" >"$work/out" 2>&1
	audits settings.$tar
	others settings.$tar
	"$hosttune" collect "$work/tree" >/dev/null
	t_not "no user data in the bundle" grep -rq c2VjcmV0 "$work/tree"
	"$hosttune" audit -o json --bundle "$work/tree" "$work/secret.yaml" >"$work/out" 2>"$work/err"
	t_is "a setting that was removed is unknown" failed \
		"$(jq -r '.resources[] | select(.name | test("user-data")).state' "$work/out")"
	t_is "other settings are known" ok \
		"$(jq -r '.resources[] | select(.name | test("motd")).state' "$work/out")"
}

# Its image has no libarchive: a directory needs none.
container() {
	cp "$work/own.yaml" $rootfs/own.yaml
	bootstrap_container hosttune $rootfs /usr/bin/hosttune audit -o json /own.yaml >"$work/live" 2>"$work/err"
	bootstrap_container hosttune $rootfs /usr/bin/hosttune collect /.bottlerocket/rootfs/mnt/node /own.yaml >"$work/out" 2>&1 ||
		cat "$work/out"
	cp $rootfs/own.yaml /own.yaml
	"$hosttune" audit -o json --bundle /mnt/node /own.yaml >"$work/bundle" 2>"$work/err"
	t_is "in a bootstrap container: same result" "" "$(diff "$work/live" "$work/bundle" | head -n 20)"
}

prepare
untouched
writes_nothing_else
tuned
settings
container
t_done
