#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# From `hosttune userdata` to a tuned node: another parser reads the output as Bottlerocket
# would, and the bootstrap container applies it.
#
# usage: tests/vm/run -d 1 -s 320M -- tests/vm/userdata.sh
. tests/vm/guest.sh

B=${HOSTTUNE_B:-build}
program=$B/hosttune
stub=$B/api-stub
rootfs=/run/rootfs
work=$(mktemp -d /run/work.XXXXXX)
container=/local/bootstrap-containers/tune-1

read_back() { /usr/bin/python3 tests/userdata_read.py "$@"; }

run() {
	t_run bootstrap_container tune-1 $rootfs /usr/bin/hosttune "$@"
	[ "$status" = 0 ] || cat "$t_out"
}

userdata() {
	"$program" userdata --source example.com/hosttune --name tune-1 "$@"
}

prepare() {
	bottlerocket_host
	cp -r "$B/rootfs" $rootfs
	instance_store_drive AWS1111 "$(drive_by_serial AWS00000000000000001)" >/dev/null
	"$stub" --daemonize --pid-file "$work/pid" --save "$work/settings.json" /run/api.sock ||
		fail "api-stub does not start"
	mkdir -p "$container"
	cat >"$work/base.yaml" <<-END
		version: 1
		modules: [tcp_bbr]
		sysctl:
		  vm.swappiness: 60
		  vm.dirty_ratio: 15
		  net.ipv4.tcp_congestion_control: bbr
		storage:
		  - name: data
		    label: ephemeral
		    mount: /mnt/data
		    options: [noatime, nodiratime]
	END
	# two files and a built-in profile; the node computes the formulas
	cat >"$work/top.yaml" <<-END
		version: 1
		include: [base.yaml]
		unset: [vm.dirty_ratio]
		sysctl:
		  vm.swappiness: {value: "= min(cpus * 3, 90)"}
		  net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]
		nfsd: {threads: "= max(2, cpus)", start: true, versions: [4.1, 4.2]}
		settings:
		  motd: "\"\${x}\" %{y} \\\\ # é"
		  oci-defaults: {resource-limits: {max-open-files: {soft-limit: 65536, hard-limit: 65536}}}
	END
}

made_once() {
	for format in toml eksctl karpenter terraform; do
		userdata --format $format "$work/top.yaml" network-wan | read_back $format profile tune-1 \
			>"$work/user-data.$format"
		t_ok "$format: the same user data" cmp "$work/user-data.toml" "$work/user-data.$format"
	done
	t_ok "formulas stay for the node" grep -q 'min(cpus' "$work/user-data.toml"
	cp "$work/user-data.toml" "$container/user-data"
}

applied() {
	dirty=$(cat /proc/sys/vm/dirty_ratio)
	run
	t_status "the bootstrap container applies it" 0
	t_is "a formula, over the node" $((3 * $(nproc))) "$(cat /proc/sys/vm/swappiness)"
	t_is "of the file, the included and the built-in one" "bbr 33554432 fq" \
		"$(cat /proc/sys/net/ipv4/tcp_congestion_control) $(awk '{ print $3 }' /proc/sys/net/ipv4/tcp_rmem) $(cat /proc/sys/net/core/default_qdisc)"
	t_is "an unset value is not changed" "$dirty" "$(cat /proc/sys/vm/dirty_ratio)"
	t_ok "the drive is mounted" mountpoint -q /mnt/data
	t_is "a text with all characters that need escapes arrived" "\"\${x}\" %{y} \\ # é" \
		"$(jq -r .motd "$work/settings.json")"
	run audit
	t_status "audit is clean" 0
}

# The native settings are those that apply stores.
native() {
	"$program" userdata --native "$work/top.yaml" network-wan | read_back toml >"$work/native.json"
	t_ok "native settings: some" jq -e '(.kernel.sysctl | length > 1) and .kernel.modules.tcp_bbr.autoload' \
		"$work/native.json"
	t_is "native settings: those that apply did not store" "[]" "$(jq -cn \
		--slurpfile native "$work/native.json" --slurpfile stored "$work/settings.json" '
		[$native[0] | paths(scalars) as $p
		| select(getpath($p) != ($stored[0] | getpath($p))) | $p | join("/")]')"
}

mangled() {
	mount=$(grep -c . /proc/1/mountinfo)
	sysctl -q -w vm.swappiness=1
	for tool in gzip base64; do
		$tool <"$work/user-data.toml" >"$container/user-data"
		run
		t_status "user data left as $tool: exit" 2
		t_ok "user data left as $tool: reason" grep -q "/current/user-data\": is $tool, not YAML" "$t_out"
	done
	userdata nfs-server >"$container/user-data"
	run
	t_status "the whole TOML as user data: exit" 2
	t_ok "the whole TOML as user data: reason" grep -q 'is TOML, not YAML' "$t_out"
	t_is "nothing was changed" "1 $mount" "$(cat /proc/sys/vm/swappiness) $(grep -c . /proc/1/mountinfo)"
}

prepare
made_once
applied
native
mangled
kill "$(cat "$work/pid")"
t_done
