#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What a new kind takes: one file (kind_motd.c) and one line in the list of kinds. All of
# the program has it then. See the rules of NEW_KIND in the Makefile.
set -u
B=$(cd "${B:-build}" && pwd) || exit 2
hosttune=$B/new-kind/hosttune
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
n=0 failed=0

check() {
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/output" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/# /' "$work/output"
		failed=$((failed + 1))
	fi
}

# exits CODE COMMAND...
exits() {
	code=$1
	shift
	"$@"
	[ $? -eq "$code" ]
}

# prints REGEX COMMAND...
prints() {
	regex=$1
	shift
	"$@" 2>&1 | tee "$work/printed"
	grep -Eq -- "$regex" "$work/printed"
}

# shellcheck disable=SC2016 # expanded by the inner shell
check "one line of the list" \
	sh -c 'test "$(diff lib/resource/kinds.h "$1/new-kind/resource/kinds.h" | grep -c "^>")" = 1' sh "$B"

root=$work/root
mkdir -p "$root/etc" "$root/proc/sys/vm"
# as long as what will be there: a captured file keeps its length
printf 'welcome\n' >"$root/etc/motd"
printf 'processor\t: 0\n' >"$root/proc/cpuinfo"
echo 60 >"$root/proc/sys/vm/swappiness"
cat >"$work/profile.yaml" <<'END'
version: 1
motd: {line: go away}
sysctl: {vm.swappiness: 60}
END
run() { "$hosttune" "$1" --no-api --root "$root" "$work/profile.yaml"; }

check "schema" prints '"what users read when they log in"' "$hosttune" schema
check "validate" exits 0 "$hosttune" validate "$work/profile.yaml"
check "show" prints 'line: go away .*profile.yaml:2' run show
check "audit differs" exits 1 run audit
check "audit says how" prints 'motd  *welcome  *go away' run audit
check "JSON" prints '"kind": *"motd"' "$hosttune" audit -o json --no-api --root "$root" "$work/profile.yaml"
check "Prometheus" prints 'kind="motd"' "$hosttune" audit -o prometheus --no-api --root "$root" "$work/profile.yaml"
check "apply" exits 0 run apply
check "applied" prints '^go away$' cat "$root/etc/motd"
check "audit in sync" exits 0 run audit
check "apply again" exits 0 run apply
check "capture" prints 'line: go away' run capture

sed 's/line: go away/lime: x/' "$work/profile.yaml" >"$work/wrong.yaml"
check "a misspelt key" prints 'wrong.yaml:2:8: .*did you mean "line"' "$hosttune" validate "$work/wrong.yaml"
sed 's/^motd:/modt:/' "$work/profile.yaml" >"$work/wrong.yaml"
check "a misspelt section" prints 'wrong.yaml:2:1: .*did you mean "motd"' "$hosttune" validate "$work/wrong.yaml"

printf 'version: 1\ninclude: [profile.yaml]\nunset: [motd]\n' >"$work/unset.yaml"
# shellcheck disable=SC2016 # expanded by the inner shell
check "unset" sh -c '! "$1" show "$2" | grep motd' sh "$hosttune" "$work/unset.yaml"
cat >"$work/facts" <<'END'
cpus: 8
memory: 64GiB
page_size: 4KiB
numa_nodes: 1
nic_gbps: 10
kernel: 6.1
disks: 0
disk_size: 0
motd_length: 7
END
printf 'version: 1\nmotd: {line: go away, when: "cpus > 9"}\n' >"$work/when.yaml"
check "a condition" prints '^# .*motd.*cpus > 9' "$hosttune" show --facts "$work/facts" "$work/when.yaml"
sed 's/: 60}/: = motd_length}/' "$work/profile.yaml" >"$work/fact.yaml"
check "the fact that it offers" prints 'vm.swappiness: 7 ' "$hosttune" show --facts "$work/facts" "$work/fact.yaml"

# a later step fails: what the kind did is rolled back
printf 'welcome\n' >"$root/etc/motd"
sed 's/: 60}/: 61}/' "$work/profile.yaml" >"$work/fails.yaml"
rm "$root/proc/sys/vm/swappiness"
mkdir "$root/proc/sys/vm/swappiness"
check "held back or rolled back" exits 3 "$hosttune" apply --no-api --root "$root" "$work/fails.yaml"
check "as it was" prints '^welcome$' cat "$root/etc/motd"

echo "$((n - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
