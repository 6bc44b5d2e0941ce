#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What hosttune captures of a node, it finds in sync there at once: on an untouched node
# and a tuned one, without the API and with it.
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

# captured NAME [ARG...]: capture, and what is to be true of each captured profile.
captured() {
	name=$1
	shift
	t_ok "$name: captured" into "$work/x.yaml" "$hosttune" capture "$@"
	t_ok "$name: valid" "$hosttune" validate "$work/x.yaml"
	t_ok "$name: in sync" "$hosttune" audit "$work/x.yaml"
	t_ok "$name: captured as JSON" into "$work/x.json" "$hosttune" capture -o json "$@"
	t_ok "$name: JSON in sync" "$hosttune" audit "$work/x.json"
}

# The value of a jq expression in what was captured last.
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
	is "no API: nothing is to be stored" false .persist
	is "a module that is not there is not in it" null .modules
	is "nor is a blank drive" null .storage
	says "the drive is told" "#   storage: ${store#/dev/} AWS1111: holds nothing"
	is "of dirty_bytes and dirty_ratio the one in force" '[null,20]' \
		'[.sysctl["vm.dirty_bytes", "vm.dirty_ratio"]]'
	t_is "nothing was written to the drive" 0 "$(sectors_written "$blank")"
	cp "$work/x.yaml" "$work/untouched.yaml"
	api
	captured "untouched, API"
	is "nothing is stored" false .persist
	captured "untouched, API not asked" --no-api
}

tuned() {
	t_ok "nfs-server applies" "$hosttune" apply nfs-server
	captured "tuned, of all"
	is "what is stored needs no word" 10 '.sysctl["vm.swappiness"]'
	is "what is not stored is marked" '{"value":1,"persist":false}' '.sysctl["vm.stat_interval"]'
	is "the module" '["nfsd"]' .modules
	is "the drive" '["data","AWS1111","ephemeral","/mnt/data"]' \
		'.storage[0] | [.name, .disks.serial, .label, .mount]'
	is "and its options" '["noatime","nodiratime"]' '.storage[0].options - (.storage[0].options - ["noatime", "nodiratime"])'
	captured "tuned, of nfs-server" nfs-server
	is "what nfs-server does not name is not in it" null '.sysctl["vm.stat_interval"]'

	sysctl -qw vm.swappiness=33
	captured "another value than stored" nfs-server
	is "is marked" '{"value":33,"persist":false}' '.sysctl["vm.swappiness"]'
	says "with what is stored" "    persist: false  # the Bottlerocket settings hold 10"
	t_not "and differs from the profile" "$hosttune" audit nfs-server

	modprobe tcp_htcp
	captured "a module that is not stored"
	is "nothing more is to be stored" false .persist
	is "what is stored is said as settings" '"0"' \
		'.settings.kernel.sysctl["net.ipv4.tcp_slow_start_after_idle"] | tostring'
	is "of modules as well" true .settings.kernel.modules.nfsd.autoload
	is "but for what differs" null '.settings.kernel.sysctl["vm.swappiness"]'
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
	is "its threads and versions, never to be started" '[5,false,["4.1","4.2"]]' \
		'.nfsd | [.threads, .start, .versions]'
	is "settings as they are" '"x"' .settings.motd
	captured "all of it"
	echo 0 >/proc/fs/nfsd/threads
}

# A capture is a way back: of the values, not of what a drive holds.
way_back() {
	kill "$(cat "$work/pid")"
	while [ -e "$work/pid" ]; do sleep 0.1; done
	t_not "the node is not as it was" "$hosttune" audit "$work/untouched.yaml"
	t_ok "applying what was captured first" "$hosttune" apply "$work/untouched.yaml"
	t_is "brings the values back" "$(cat "$work/before")" "$(sysctl -n vm.swappiness vm.dirty_ratio net.core.rmem_max)"

	api
	kill -9 "$(cat "$work/pid")"
	"$hosttune" --deadline 3 capture >"$work/x.yaml" 2>"$work/out"
	t_is "an API that does not answer: exit" 4 $?
	t_ok "and the values are there" grep -q vm.swappiness "$work/x.yaml"
}

modprobe xfs
blank=$(drive_by_serial AWS00000000000000001)
store=$(instance_store_drive AWS1111 "$blank")
sysctl -n vm.swappiness vm.dirty_ratio net.core.rmem_max >"$work/before"
untouched
tuned
server
way_back
t_done
