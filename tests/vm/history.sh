#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# How a value came about: histories of a host, each staged with the kernel, systemd-sysctl
# and an applier like Bottlerocket's. Check the reason that an audit reports.
#
# usage: tests/vm/run -- tests/vm/history.sh new|old
#
# new: the applier runs systemd-sysctl over all files; old: it writes each value itself
. tests/vm/guest.sh

B=$HOSTTUNE_B
work=$(mktemp -d)
socket=$work/api.sock
applier=$1

# --- the host ---------------------------------------------------------------------------

# Make it a host after its first boot: nothing stored, only defaults.
fresh() {
	api_stop
	rm -f "$work"/settings.json /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /etc/corndog.toml
	rm -f /usr/lib/sysctl.d/*.conf
	mkdir -p /run/sysctl.d
	sysctl -qw vm.swappiness=60 vm.max_map_count=65530 vm.dirty_ratio=20
	sysctl -qw net.ipv4.tcp_congestion_control=cubic
	rmmod tcp_bbr 2>/dev/null
	# the host's own program has run at boot, with nothing to do
	echo '{}' >"$work/none.json"
	echo '[]' | STUB_SETTINGS=$work/none.json tests/api/corndog.sh "$applier"
	api
}

api() {
	set -- --on-apply "$PWD/tests/api/corndog.sh $applier" --save "$work/settings.json" "$@"
	[ -s "$work/settings.json" ] && set -- --settings "$work/settings.json" "$@"
	"$B/api-stub" --daemonize --pid-file "$work/pid" --log "$work/log" "$@" "$socket" ||
		fail "api-stub does not start"
}

api_stop() {
	[ -e "$work/pid" ] || return 0
	kill "$(cat "$work/pid")"
	while [ -e "$work/pid" ]; do sleep 0.1; done
}

lines() {
	wc -l <"/run/corndog.$1"
}

# stores JSON: change the settings as another client, and wait until the host has applied
# them.
stores() {
	started=$(lines started)
	curl -sf --unix-socket "$socket" -X PATCH -H 'Content-Type: application/json' -d "$1" \
		"http://localhost/settings?tx=other" || fail "PATCH: $1"
	curl -sf --unix-socket "$socket" -X POST "http://localhost/tx/commit_and_apply?tx=other" >/dev/null ||
		fail "commit: $1"
	while [ "$(lines started)" = "$started" ] || [ "$(lines started)" != "$(lines ended)" ]; do
		sleep 0.1
	done
}

systemd_sysctl() {
	/usr/lib/systemd/systemd-sysctl >/dev/null 2>&1 || :
}

file() {
	printf '%b\n' "$2" >"$1"
}

# --- hosttune ---------------------------------------------------------------------------

profile() {
	printf 'version: 1\n%b\n' "$1" >"$work/p.yaml"
}

run() {
	status=0
	"$B/hosttune" "$@" --api-socket "$socket" "$work/p.yaml" >"$work/out" 2>&1 || status=$?
}

# finds NAME REASON [PART-OF-THE-MESSAGE]: check the first row of an audit.
finds() {
	run audit -o json
	t_is "$1 ($applier)" "$2" "$(jq -r '.resources[0].reason' "$work/out")"
	[ -z "${3:-}" ] || t_ok "$1 ($applier): $3" grep -qF -- "$3" "$work/out"
}

applies() {
	run apply
	[ "$status" = 0 ] || t_fail "apply" "exit $status" "$(cat "$work/out")"
}

live() {
	cat "/proc/sys/$(echo "$1" | tr . /)"
}

# --- histories --------------------------------------------------------------------------

simple() {
	profile 'sysctl: {vm.swappiness: 10}'
	fresh
	finds "a fresh node" LiveDiffers
	sysctl -qw vm.swappiness=10
	finds "written at run time, not stored" NotPersisted "lost at the next boot"
	fresh
	stores '{"kernel":{"sysctl":{"vm.swappiness":"30"}}}'
	t_is "the host applies what others store ($applier)" 30 "$(live vm.swappiness)"
	finds "another value is stored, and live" PersistedDiffers "as set in the Bottlerocket settings"
	sysctl -qw vm.swappiness=10
	finds "another value is stored" PersistedDiffers "hold 30"
	applies
	finds "applied" null
	sysctl -qw vm.swappiness=70
	finds "applied, then changed at run time" PersistedOverridden "changed at run time"
	applies
	t_is "applied again ($applier)" 10 "$(live vm.swappiness)"
}

files() {
	profile 'sysctl: {vm.swappiness: 10}'
	fresh
	file /usr/lib/sysctl.d/50-vendor.conf 'vm.swappiness = 33'
	systemd_sysctl
	finds "a vendor's file sets it" LiveDiffers "as set by /usr/lib/sysctl.d/50-vendor.conf:1"
	applies
	systemd_sysctl
	if [ "$applier" = new ]; then
		finds "a vendor's file, and stored: the settings win" null
	else
		finds "a vendor's file, run again after the settings" PersistedOverridden \
			"/usr/lib/sysctl.d/50-vendor.conf:1 overrides it"
	fi
	sysctl -qw vm.swappiness=10
	file /etc/sysctl.d/99-agent.conf '# an agent\n-vm/swappiness=44'
	if [ "$applier" = new ]; then
		finds "a file behind the settings waits for the next boot" PersistedOverridden \
			"/etc/sysctl.d/99-agent.conf:2 sets 44 at each boot"
	else
		finds "a file does not matter at boot" null
	fi
	systemd_sysctl
	t_is "systemd-sysctl agrees ($applier)" 44 "$(live vm.swappiness)"
	finds "a file behind the settings, in effect" PersistedOverridden "/etc/sysctl.d/99-agent.conf:2 overrides it"
	file /run/sysctl.d/99-agent.conf 'vm.swappiness=45'
	systemd_sysctl
	finds "its namesake in /run is hidden" PersistedOverridden "/etc/sysctl.d/99-agent.conf:2 overrides it"
	ln -sf /dev/null /etc/sysctl.d/99-agent.conf
	sysctl -qw vm.swappiness=10
	systemd_sysctl
	[ "$applier" = new ] || sysctl -qw vm.swappiness=10
	finds "both are hidden by a link to /dev/null" null
}

# The reader agrees with systemd-sysctl on files with patterns, excluded keys and overlaps.
readers_agree() {
	fresh
	ip link add name vmtest0 type dummy 2>/dev/null || modprobe dummy numdummies=1
	link=$(basename "$(find /proc/sys/net/ipv4/conf -name 'vmtest0' -o -name 'dummy0' | head -n 1)")
	[ "$link" ] || link=lo
	sysctl -qw "net/ipv4/conf/$link/rp_filter=0" "net/ipv4/conf/$link/log_martians=0"
	file /etc/sysctl.d/10-a.conf "net.ipv4.conf.*.rp_filter = 2\nnet/ipv4/conf/$link/log_martians=1"
	file /usr/lib/sysctl.d/20-b.conf "net.ipv4.conf.*.log_martians=0\nnet.ipv4.conf.$link.rp_filter=1"
	file /etc/sysctl.d/30-c.conf "-net.ipv4.conf.lo.accept_local\nnet.ipv4.conf.*.accept_local=1"
	systemd_sysctl
	t_is "a key spelled out wins over a pattern" "1 1" \
		"$(live "net/ipv4/conf/$link/rp_filter") $(live "net/ipv4/conf/$link/log_martians")"
	profile "sysctl: {net/ipv4/conf/$link/rp_filter: 0}"
	finds "the reader names it" LiveDiffers "/usr/lib/sysctl.d/20-b.conf:2"
	profile "sysctl: {net/ipv4/conf/$link/log_martians: 0}"
	finds "the reader names it, the other way" LiveDiffers "/etc/sysctl.d/10-a.conf:2"
	profile "sysctl: {net/ipv4/conf/$link/accept_local: 0}"
	[ "$link" = lo ] || finds "a pattern" LiveDiffers "/etc/sysctl.d/30-c.conf:2"
	profile 'sysctl: {net.ipv4.conf.lo.accept_local: 1}'
	t_is "a key excluded from patterns" 0 "$(live net.ipv4.conf.lo.accept_local)"
}

refused() {
	fresh
	before=$(live net.ipv4.tcp_fastopen_key)
	profile 'sysctl: {net.ipv4.tcp_fastopen_key: nonsense}'
	stores '{"kernel":{"sysctl":{"net.ipv4.tcp_fastopen_key":"nonsense"}}}'
	t_is "the host drops a value that the kernel refuses without a message ($applier)" "$before" "$(live net.ipv4.tcp_fastopen_key)"
	finds "stored, and refused by the kernel" PersistedOverridden "or the kernel refused it"
	run apply -o json
	t_is "apply reports the refused value ($applier)" "3 RefusedByKernel" \
		"$status $(jq -r '.resources[0].reason' "$work/out")"

	fresh
	profile 'settings: {kernel: {sysctl: {net.ipv4.tcp_fastopen_key: nonsense}}}'
	run apply -o json
	t_is "as a setting it is stored and reported ($applier)" "3 RefusedByKernel" \
		"$status $(jq -r '.resources[0].reason' "$work/out")"
	profile 'settings: {kernel: {sysctl: {vm.max_map_count: "70000"}}}'
	applies
	t_is "as a setting it takes effect ($applier)" 70000 "$(live vm.max_map_count)"
}

modules() {
	profile 'sysctl: {net.ipv4.tcp_congestion_control: bbr}'
	fresh
	applies
	t_is "the module is stored with the value that needs it ($applier)" '{"allowed":true,"autoload":true}' \
		"$(jq -Sc .kernel.modules.tcp_bbr "$work/settings.json")"
	finds "bbr and its module" null

	fresh
	curl -sf --unix-socket "$socket" -X PATCH -H 'Content-Type: application/json' \
		-d '{"kernel":{"sysctl":{"net.ipv4.tcp_congestion_control":"bbr"}}}' 'http://localhost/settings?tx=a'
	curl -sf --unix-socket "$socket" -X POST 'http://localhost/tx/commit?tx=a' >/dev/null
	finds "bbr without its module: not there at boot" NotPersisted kernel.modules.tcp_bbr
	profile 'sysctl: {net.ipv4.tcp_congestion_control: nosuch}'
	finds "a module that this kernel does not have" ModuleMissing "available:"
}

pairs() {
	profile 'sysctl: {vm.dirty_bytes: 700000000}'
	fresh
	stores '{"kernel":{"sysctl":{"vm.dirty_ratio":"25"}}}'
	finds "the other of a pair is stored" PersistedConflict vm.dirty_ratio
	run apply
	t_is "nothing is changed ($applier)" "3 25 0" "$status $(live vm.dirty_ratio) $(live vm.dirty_bytes)"
	# the remedy of that audit
	stores '{"kernel":{"sysctl":{"vm.dirty_ratio":""}}}'
	applies
	t_is "an emptied setting is no conflict ($applier)" "0 700000000" "$(live vm.dirty_ratio) $(live vm.dirty_bytes)"
	stores '{"motd":"x","kernel":{"sysctl":{"vm.max_map_count":"65531"}}}'
	t_is "it stays when everything is applied again ($applier)" 700000000 "$(live vm.dirty_bytes)"
	finds "a conflict that is resolved is in sync" null
}

spellings() {
	profile 'sysctl: {vm.swappiness: 10}'
	fresh
	stores '{"kernel":{"sysctl":{"vm/swappiness":"20"}}}'
	applies
	t_is "one spelling is stored ($applier)" '{"vm/swappiness":"10"}' "$(jq -Sc .kernel.sysctl "$work/settings.json")"
	stores '{"kernel":{"sysctl":{"vm.swappiness":"20"}}}'
	finds "both spellings are stored" PersistedDiffers
	applies
	t_is "with two spellings stored, both have the value ($applier)" '{"vm.swappiness":"10","vm/swappiness":"10"}' \
		"$(jq -Sc .kernel.sysctl "$work/settings.json")"
	finds "two spellings with the same value are in sync" null
}

boot() {
	fresh
	profile 'settings: {boot: {kernel-parameters: {nvme.poll_queues: 2}}}'
	applies
	finds "a boot parameter" PendingReboot "booted with nothing"
	word=$(tr ' ' '\n' </proc/cmdline | grep -m 1 '^[a-z_.]*=[A-Za-z0-9]*$')
	profile "settings: {boot: {kernel-parameters: {\"${word%%=*}\": \"${word#*=}\"}}}"
	applies
	finds "a boot parameter of this boot" null
}

# The applier reads all files: it resets values that only hosttune has written, and
# hosttune writes them again.
resets() {
	fresh
	file /usr/lib/sysctl.d/50-vendor.conf 'vm.swappiness = 33'
	profile 'sysctl: {vm.swappiness: {value: 10, persist: false}, vm.max_map_count: 70000}'
	applies
	t_is "values that the applier resets are written again ($applier)" "10 70000" \
		"$(live vm.swappiness) $(live vm.max_map_count)"

	api_stop
	rm -f "$work/settings.json"
	export DELAY=2
	api
	sysctl -qw vm.max_map_count=65530
	applies
	unset DELAY
	t_is "values that a slow applier resets are written again ($applier)" "10 70000" "$(live vm.swappiness) $(live vm.max_map_count)"
}

simple
files
refused
modules
pairs
spellings
boot
if [ "$applier" = new ]; then
	resets
	readers_agree
fi
fresh
api_stop
rm -f /etc/sysctl.d/*.conf /etc/corndog.toml
t_done
