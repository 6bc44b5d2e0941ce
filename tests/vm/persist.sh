#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# A profile over a reboot of a host without the Bottlerocket API: what apply stores, which file of
# sysctl.d wins as systemd-sysctl has it, and what is left after unpersist. The boot is
# staged with systemd-sysctl; tests/deb has real ones.
#
# usage: tests/vm/run -- tests/vm/persist.sh
. tests/vm/guest.sh

B=$HOSTTUNE_B
hosttune=$B/hosttune
work=$(mktemp -d)
file=/etc/sysctl.d/90-hosttune-node.conf
keys='kernel.panic vm.stat_interval vm.page-cluster vm.dirty_expire_centisecs kernel.sysrq vm.laptop_mode'

mkdir -p /run/systemd/system
mkdir -p /run/sysctl.d
rm -f /etc/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf

cat >"$work/node.yaml" <<END
version: 1
sysctl:
$(for key in $keys; do echo "  $key: 4"; done)
END

live() { cat "/proc/sys/$(echo "$1" | tr . /)"; }
listing() { find /etc /usr/lib/systemd -printf '%p %y %l %s\n' | sort; }
audit() { "$hosttune" audit --no-api "$@" "$work/node.yaml"; }
# The kernel's own values, then what systemd-sysctl does at boot.
boot() {
	for key in $keys; do sysctl -qw "$key=7"; done
	/usr/lib/systemd/systemd-sysctl >/dev/null 2>&1 || :
}

before=$(listing)
t_ok "apply" "$hosttune" apply --no-api "$work/node.yaml"
t_is "all keys are stored" 6 "$(grep -c ' = 4$' "$file")"
boot
t_ok "after a boot: audit clean without an apply" audit
stored=$(stat -c '%i %Y' "$file")
t_ok "second apply" "$hosttune" apply --no-api "$work/node.yaml"
t_is "it writes nothing" "$stored" "$(stat -c '%i %Y' "$file")"

# --- which file wins --------------------------------------------------------------------

echo 'kernel.panic = 9' >/etc/sysctl.d/99-a.conf
echo 'vm/stat_interval=9' >/usr/lib/sysctl.d/95-b.conf
echo 'vm.page-cluster = 9' >/etc/sysctl.d/10-c.conf
echo '-vm.dirty_expire_centisecs = 9' >/run/sysctl.d/96-d.conf
echo '-kernel.sysrq' >/etc/sysctl.d/97-e.conf
echo 'vm.laptop_m* = 9' >/etc/sysctl.d/98-f.conf
# hidden by the file in /etc
echo 'vm.laptop_mode = 9' >/usr/lib/sysctl.d/98-f.conf
for key in $keys; do
	if audit -v --only "sysctl:$key" | grep -q PersistedOverridden; then echo "$key"; fi
done >"$work/predicted"
boot
for key in $keys; do
	[ "$(live "$key")" = 4 ] || echo "$key"
done >"$work/real"
t_is "what the audit says of the next boot is what systemd-sysctl does" "$(cat "$work/real")" \
	"$(cat "$work/predicted")"
t_is "some are overridden, others not" 4 "$(grep -c . "$work/real")"
t_run audit -v --only sysctl:kernel.panic
t_says "a foreign file that overrides is named" "/etc/sysctl.d/99-a.conf:1"
rm -f /etc/sysctl.d/[0-8]*.conf /etc/sysctl.d/9[1-9]*.conf /run/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf
boot
t_ok "without those files: audit clean" audit

# --- undone -----------------------------------------------------------------------------

t_ok "unpersist" "$hosttune" unpersist
t_is "it leaves no trace" "$before" "$(listing)"
t_done
