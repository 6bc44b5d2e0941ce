# shellcheck shell=sh disable=SC2154 # work: the caller's
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For the tests of this directory: commands, and the nodes that they run on.

# The golden case whose node the command $1 runs on, and its command line. A watch diagnoses every
# $diagnosis seconds.
command_of() {
	case $1 in
	audit) echo 'audit-drift audit --no-api --root root profile.yaml' ;;
	audit-storage) echo 'audit-drives-each audit --no-api -o json --root root profile.yaml' ;;
	apply) echo 'apply-sysctls apply --no-api --root root profile.yaml' ;;
	watch)
		echo "apply-sysctls watch --no-api --root root --interval 86400 --audit-interval 86400
			--diagnose-interval ${diagnosis:-0} --metrics-file metrics profile.yaml"
		;;
	revert) echo 'revert revert --no-api --root root' ;;
	unpersist) echo 'unpersist unpersist --root root' ;;
	validate) echo 'audit-conditions validate profile.yaml' ;;
	capture) echo 'capture capture --no-api --root root profile.yaml' ;;
	diagnose) echo 'diagnose-counters diagnose --root root' ;;
	*) echo "\"$1\": no such command" >&2 ;;
	esac
}

# fresh COMMAND: make its node, $work/node, and set `words` to its command line.
fresh() {
	rm -rf --one-file-system "$work/node"
	words=$(command_of "$1")
	cp -r "tests/cases/${words%% *}" "$work/node"
	words=${words#* }
	mkdir -p "$work/node/root/proc/sys/kernel/random" "$work/node/root/etc"
	# as each running host has them, and the journal of the case revert
	echo 3f2d1c4e-5b6a-4789-8c0d-e1f203142536 >"$work/node/root/proc/sys/kernel/random/boot_id"
	echo 4d3c2b1a09f8e7d6c5b4a39281706f5e >"$work/node/root/etc/machine-id"
	[ ! -f "$work/node/make.sh" ] || (cd "$work/node" && sh ./make.sh)
}

# Everything on the node, but for the lock and the journals.
state() { (cd "$work/node" && find . -type f ! -path './root/run/*' ! -path './root/var/lib/hosttune/*' -exec sha256sum {} + | sort -k 2); }
