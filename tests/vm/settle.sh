#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Sysctls whose write changes others: after an apply, an audit finds everything in sync, and a
# rollback restores what was moved.
#
# usage: tests/vm/run -- tests/vm/settle.sh
# shellcheck disable=SC2154 # variables of guest.sh
. tests/vm/guest.sh

hosttune=${HOSTTUNE_B:-build}/hosttune
profile=/run/profile.yaml
v4=net.ipv4.conf
v6=net.ipv6.conf
modprobe dummy
modprobe ipv6 2>/dev/null
ip link add dummy0 type dummy
ip link set dummy0 up

# start: the values before each test; the first resets those of all interfaces.
start() {
	sysctl -qw net.ipv4.ip_forward=1 $v6.all.forwarding=0 $v6.all.disable_ipv6=0
	sysctl -qw $v4.all.accept_redirects=0 $v4.default.accept_redirects=0 $v4.dummy0.accept_redirects=1 \
		$v4.dummy0.forwarding=0 $v6.dummy0.forwarding=0 vm.swappiness=60
	sysctl -qw vm.dirty_ratio=20 vm.dirty_background_ratio=10
}

all() {
	sysctl net.ipv4.ip_forward net.ipv4.conf net.ipv6.conf vm.swappiness vm.dirty_ratio vm.dirty_bytes
}

# settles NAME KEY: VALUE...: apply the sysctls; an audit must agree, and a second apply find
# nothing to do.
settles() {
	name=$1
	shift
	start
	{
		echo 'version: 1'
		echo 'sysctl:'
		printf '  %s\n' "$@"
	} >$profile
	t_run "$hosttune" apply --no-api -v $profile
	t_status "$name: apply" 0
	t_run "$hosttune" audit --no-api $profile
	t_status "$name: audit" 0
	t_run "$hosttune" apply --no-api $profile
	t_not "$name: a second apply changes nothing" grep -q changed "$t_out"
}

settles "ip_forward resets a key that was in sync" \
	'net.ipv4.ip_forward: 0' "$v4.all.accept_redirects: 0"
t_is "ip_forward resets a key that was in sync: its value" 0 "$(sysctl -n $v4.all.accept_redirects)"
settles "ip_forward after the keys that it resets" \
	"$v4.all.accept_redirects: 0" "$v4.default.accept_redirects: 0" "$v4.dummy0.forwarding: 1" \
	'net.ipv4.ip_forward: 0'
settles "an interface differs from all, IPv4" \
	"$v4.dummy0.forwarding: 0" "$v4.all.forwarding: 1" "$v4.default.forwarding: 0"
start
sysctl -qw net.ipv4.ip_forward=0
settles "an interface differs from all, IPv6" \
	"$v6.dummy0.forwarding: 0" "$v6.all.forwarding: 1" "$v6.default.forwarding: 0"
settles "disable_ipv6 of all and of an interface" \
	"$v6.dummy0.disable_ipv6: 0" "$v6.all.disable_ipv6: 1"
settles "bytes in place of a ratio" 'vm.dirty_bytes: 700000000' 'vm.dirty_background_bytes: 300000000'
settles "raise only" 'net.ipv4.ip_forward: 0' "$v4.dummy0.accept_redirects: {min: 1}" "$v4.all.accept_redirects: {max: 0}"

# the last key is refused by the kernel: everything is rolled back, also what was only moved
start
before=$(all)
cat >$profile <<END
version: 1
sysctl:
  net.ipv4.ip_forward: 0
  $v4.all.accept_redirects: 0
  $v4.dummy0.accept_redirects: 1
  $v4.default.accept_redirects: 0
  vm.swappiness: 11
  net.ipv4.tcp_fastopen_key: nonsense
END
t_run "$hosttune" apply --no-api -v $profile
t_status "rollback: exit" 3
for key in net.ipv4.ip_forward $v4.all.accept_redirects $v4.dummy0.accept_redirects $v4.default.accept_redirects vm.swappiness; do
	t_is "rollback: $key" "$(echo "$before" | sed -n "s/^$key = //p")" "$(sysctl -n "$key")"
done

# two keys that exclude each other: both are named, by the checks or after the last round
start
printf 'version: 1\nsysctl: {net.ipv4.ip_forward: 0, net.ipv4.conf.all.forwarding: 1}\n' >$profile
t_run "$hosttune" apply --no-api -v $profile
t_not "two names of one value with two values: exit" test "$status" = 0
t_says "two names of one value with two values: one" "net.ipv4.ip_forward"
t_says "two names of one value with two values: the other" "net.ipv4.conf.all.forwarding"
t_is "two names of one value with two values: rolled back" 1 "$(sysctl -n net.ipv4.ip_forward)"
t_done
