#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A captured profile is in sync on its node: on an untouched and on a tuned node, without
# and with the API.
#
# usage: tests/vm/run -d 2 -s 320M -- tests/vm/capture.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
hosttune=$B/hosttune
work=$(mktemp -d)

# into FILE COMMAND...
# shellcheck disable=SC2317 # called through t_ok
into() {
	_file=$1
	shift
	"$@" >"$_file"
}

# captured NAME [ARG...]: capture, and check what must be true of each captured profile.
captured() {
	name=$1
	shift
	t_ok "$name: captured" into "$work/x.yaml" "$hosttune" capture "$@"
	t_ok "$name: valid" "$hosttune" validate "$work/x.yaml"
	t_ok "$name: in sync" "$hosttune" audit "$work/x.yaml"
	t_ok "$name: captured as JSON" into "$work/x.json" "$hosttune" capture -o json "$@"
	t_ok "$name: JSON in sync" "$hosttune" audit "$work/x.json"
}

# is NAME EXPECTED EXPRESSION: check the value of a jq expression in the last capture.
is() {
	t_is "$1" "$2" "$(jq -c "$3" "$work/x.json")"
}

says() {
	t_ok "$1" grep -qxF -- "$2" "$work/x.yaml"
}

api() {
	"$B/api-stub" --daemonize --pid-file "$work/pid" --save "$work/settings.json" /run/api.sock ||
		fail "api-stub does not start"
}

untouched() {
	captured "untouched, no API"
	is "no API: persist is false" false .persist
	is "a module that is not loaded is not captured" null .modules
	is "a blank drive is not captured" null .storage
	says "a comment lists the drive" "#   storage: ${store#/dev/} AWS1111: holds no signature"
	t_is "nothing was written to the drive" 0 "$(sectors_written "$blank")"
	cp "$work/x.yaml" "$work/untouched.yaml"
	printf 'version: 1\nsysctl: {vm.dirty_bytes: 0, vm.dirty_ratio: 20}\n' >"$work/dirty.yaml"
	captured "bytes and a ratio" "$work/dirty.yaml"
	is "of dirty_bytes and dirty_ratio only the active one is captured" '[null,20]' \
		'[.sysctl["vm.dirty_bytes", "vm.dirty_ratio"]]'
	api
	captured "untouched, API"
	is "nothing stored: persist is false" false .persist
	captured "untouched, API not used" --no-api
}

tuned() {
	t_ok "nfs-server applies" "$hosttune" apply nfs-server
	captured "tuned, all profiles"
	is "a stored value needs no mark" 50 '.sysctl["vm.vfs_cache_pressure"]'
	is "a value that is not stored is marked" '{"value":1,"persist":false}' '.sysctl["vm.stat_interval"]'
	is "the module is captured" '["nfsd"]' .modules
	is "the drive is captured" '["data","AWS1111","ephemeral","/mnt/data"]' \
		'.storage[0] | [.name, .disks.serial, .label, .mount]'
	is "the mount options are captured" '["noatime","nodiratime"]' '.storage[0].options - (.storage[0].options - ["noatime", "nodiratime"])'
	captured "tuned, nfs-server only" nfs-server
	is "a key that nfs-server does not name is not captured" null '.sysctl["vm.stat_interval"]'

	sysctl -qw vm.vfs_cache_pressure=33
	captured "a value that differs from the stored one" nfs-server
	is "it is marked" '{"value":33,"persist":false}' '.sysctl["vm.vfs_cache_pressure"]'
	says "a comment has the stored value" "    persist: false  # the Bottlerocket settings hold 50"
	t_not "the node differs from the profile" "$hosttune" audit nfs-server

	modprobe tcp_htcp
	captured "a module that is not stored"
	is "unstored module: persist is false" false .persist
	is "stored values are captured as settings" '"0"' \
		'.settings.kernel.sysctl["net.ipv4.tcp_slow_start_after_idle"] | tostring'
	is "stored modules are captured as settings" true .settings.kernel.modules.nfsd.autoload
	is "values that differ are not captured as settings" null '.settings.kernel.sysctl["vm.vfs_cache_pressure"]'
}

# What is set of a queue without a profile, and what one names; a capture restores both.
queues() {
	drive=/sys/block/${store#/dev/}/queue
	# native multipath: the requests queue at the hidden path
	queue=$drive
	for path in /sys/block/"$(echo "${store#/dev/}" | sed 's/n1$//')"c*n1/queue; do
		[ ! -d "$path" ] || queue=$path
	done
	captured "a queue that nobody changed"
	is "only what a built-in profile names" '["scheduler","read-ahead"]' '.storage[0].queue | keys_unsorted'
	cp "$work/x.yaml" "$work/queue.yaml"
	requests=$(cat "$queue/nr_requests")
	printf 'version: 1\nstorage: [{name: data, label: ephemeral, queue: {nr-requests: 4}}]\n' >"$work/requests.yaml"
	captured "a queue that a profile names" "$work/requests.yaml"
	is "only what it names" "{\"nr-requests\":$requests}" '.storage[0].queue'
	echo 2 >"$queue/rq_affinity"
	echo 2 >"$queue/nomerges"
	echo 512 >"$drive/read_ahead_kb"
	captured "a queue that was changed"
	is "what differs from the default" '["512KiB",2,2]' \
		'.storage[0].queue | [.["read-ahead", "rq-affinity", "nomerges"]]'
	cp "$work/x.yaml" "$work/changed.yaml"
	t_not "the node differs from the capture before" "$hosttune" audit "$work/queue.yaml"
	t_ok "which restores what it has" "$hosttune" apply --no-api "$work/queue.yaml"
	t_is "the read-ahead" 128 "$(cat "$drive/read_ahead_kb")"
	echo 1 >"$queue/rq_affinity"
	echo 0 >"$queue/nomerges"
	t_ok "and so does the later capture" "$hosttune" apply --no-api "$work/changed.yaml"
	t_is "rq_affinity, nomerges" "2 2" "$(paste -d' ' "$queue/rq_affinity" "$queue/nomerges")"
	echo 1 >"$queue/rq_affinity"
	echo 0 >"$queue/nomerges"
}

server() {
	cat >"$work/server.yaml" <<-END
		version: 1
		nfsd: {threads: 5, start: true, versions: [4.1, 4.2]}
		settings: {motd: "x", kernel: {lockdown: none}}
	END
	ip link set lo up
	"$hosttune" apply "$work/server.yaml" >"$work/out" 2>&1 || cat "$work/out"
	captured "a server that runs" "$work/server.yaml"
	is "its threads and versions are captured, with start: false" '[5,false,["4.1","4.2"]]' \
		'.nfsd | [.threads, .start, .versions]'
	is "settings are captured unchanged" '"x"' .settings.motd
	captured "all profiles"
	echo 0 >/proc/fs/nfsd/threads
}

# A capture can restore values, but not the content of a drive.
way_back() {
	kill "$(cat "$work/pid")"
	while [ -e "$work/pid" ]; do sleep 0.1; done
	t_not "the node differs from the first capture" "$hosttune" audit "$work/untouched.yaml"
	t_ok "applying the first capture" "$hosttune" apply "$work/untouched.yaml"
	t_is "restores the values" "$(cat "$work/before")" "$(sysctl -n vm.vfs_cache_pressure vm.dirty_ratio net.core.rmem_max)"

	api
	kill -9 "$(cat "$work/pid")"
	"$hosttune" capture >"$work/x.yaml" 2>"$work/out"
	t_is "an API that does not answer: exit" 4 $?
	t_ok "the values are still captured" grep -q vm.vfs_cache_pressure "$work/x.yaml"
}

modprobe xfs
blank=$(drive_by_serial AWS00000000000000001)
store=$(instance_store_drive AWS1111 "$blank")
sysctl -n vm.vfs_cache_pressure vm.dirty_ratio net.core.rmem_max >"$work/before"
untouched
tuned
queues
server
way_back
t_done
