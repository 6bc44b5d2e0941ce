#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Apply the stored settings to the host, as Bottlerocket does. For the stub:
#
#   api-stub --on-apply 'tests/api/corndog.sh new' ...
#
# new: /etc/sysctl.d/95-corndog.conf, failures ignored, then systemd-sysctl over all
#      files (core kit 6.1.0 and later)
# old: each value is written directly, in no order, failures ignored
#
# STUB_SETTINGS names the file of the settings. The changed keys on stdin are not read.
# DELAY: seconds to sleep first, as if services of other settings restarted. Each run adds
# one line to /run/corndog.started and one to /run/corndog.ended.
set -eu

how=$1
echo >>/run/corndog.started
exec 9>/run/corndog.lock
flock 9
[ -z "${DELAY:-}" ] || sleep "$DELAY"

values() {
	jq -r '.kernel.sysctl // {} | to_entries[] | "\(.key) = \(.value)"' "$STUB_SETTINGS"
}

{ echo '[sysctl]' && values | sed 's/\(.*\) = \(.*\)/"\1" = "\2"/'; } >/etc/corndog.toml.new
mv /etc/corndog.toml.new /etc/corndog.toml

case $how in
new)
	mkdir -p /etc/sysctl.d
	values | sed 's/^/-/' >/etc/sysctl.d/95-corndog.conf.new
	mv /etc/sysctl.d/95-corndog.conf.new /etc/sysctl.d/95-corndog.conf
	/usr/lib/systemd/systemd-sysctl >/dev/null 2>&1 || :
	;;
old)
	values | shuf | while IFS= read -r line; do
		path=/proc/sys/$(printf %s "${line%% = *}" | tr . /)
		printf %s "${line#* = }" 2>/dev/null >"$path" || :
	done 2>/dev/null
	;;
esac
echo >>/run/corndog.ended
