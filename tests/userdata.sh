#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check the output of `hosttune userdata`: independent parsers read it (tests/
# userdata_read.py), it is the same in each format, and its profile is the same, on the same
# node, as the profiles it was made from.
set -u
LC_ALL=C
export LC_ALL

cd "$(dirname "$0")/.." || exit 2
top=$PWD
B=$(cd "${B:-build}" && pwd) || exit 2
. tests/tap.sh
formats='toml eksctl karpenter terraform cloudformation ecs'
image=registry.example.com/hosttune:0.1.0

work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-userdata-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

hosttune() { "$B/hosttune" "$@"; }
read_back() { /usr/bin/python3 "$top/tests/userdata_read.py" "$@"; }

# Succeed if the settings of `hosttune userdata "$@"` are the same in each format.
same_settings() {
	rm -f "$work"/settings.*
	for format in $formats; do
		hosttune userdata -q --format "$format" "$@" >"$work/text" &&
			read_back "$format" <"$work/text" >"$work/settings.$format" || return
		cmp "$work/settings.toml" "$work/settings.$format" || return
	done
	grep -q . "$work/settings.toml"
}

# Print the merged profiles "$@" for one node, without the place of each value.
values() {
	hosttune show -q -o json --facts "$work/facts.yaml" "$@" |
		jq -S '.values | map({path, value, formula}) | sort_by(.path)'
}

# round_trip OPTION PROFILE...
round_trip() {
	option=$1
	shift
	values "$@" >"$work/before" || return
	for format in $formats; do
		# shellcheck disable=SC2086 # no option, or one
		hosttune userdata -q --source $image --format "$format" $option "$@" >"$work/text" &&
			read_back "$format" profile <"$work/text" >"$work/embedded.yaml" &&
			hosttune validate -q "$work/embedded.yaml" &&
			values "$work/embedded.yaml" >"$work/after" &&
			diff -u "$work/before" "$work/after" || return
	done
	[ "$(jq length "$work/before")" -gt 1 ]
}

# The same for hosts other than Bottlerocket.
profile_round_trip() {
	values "$@" >"$work/before" || return
	for format in cloud-init ignition; do
		hosttune userdata -q --format $format "$@" >"$work/text" &&
			read_back $format <"$work/text" >"$work/embedded.yaml" &&
			values "$work/embedded.yaml" >"$work/after" &&
			diff -u "$work/before" "$work/after" || return
	done
	[ "$(jq length "$work/before")" -gt 1 ]
}

formula_kept() {
	hosttune userdata --source $image --facts "$work/facts.yaml" nfs-server |
		read_back toml profile | grep -qx '  threads: = max(8, cpus)'
}

# refused TEXT WORD: the error about user data that is no profile names its format.
refused() {
	hosttune validate "$1" && return 1
	hosttune validate "$1" 2>&1 | grep -q "is $2, not YAML"
}

# Check the output with Terraform, if it is installed.
terraform_reads() {
	hosttune userdata --source $image --format terraform nfs-server >"$work/main.tf" &&
		terraform fmt -check -diff "$work/main.tf"
}

# Compare the native part of all built-in profiles with the settings that apply would store:
# strings for sysctls, both switches for modules.
native_types() {
	read_back toml <"$work/native" | jq -e '
		(.kernel.sysctl | length > 3 and all(type == "string"))
		and (.kernel.modules | length > 0 and all(. == {allowed: true, autoload: true}))'
}

current() {
	mkdir "$work/examples" &&
		packaging/user-data/make.sh "$B/hosttune" "$work/examples" &&
		diff -ru --exclude make.sh --exclude host-container.toml packaging/user-data "$work/examples"
}

# Write the profiles of docs/$1, whose first line is their name, run the commands that need no
# node, and compare their output.
tutorial() {
	rm -rf "$work/tutorial"
	mkdir "$work/tutorial" && ln -s "$top/docs" "$top/packaging" "$work/tutorial" || return
	awk -v dir="$work/tutorial" '
		/^```/ { inside = !inside; first = inside; yaml = $0 == "```yaml"; next }
		!inside { next }
		first { first = 0; run = !yaml && /^[$] (hosttune|sed|grep) /; file = yaml ? dir "/" $2 : "" }
		file { print >file }
		run { print }' "docs/$1" >"$work/expected"
	grep '^[$] ' "$work/expected" | (
		cd "$work/tutorial" || exit
		while IFS= read -r line; do
			echo "$line"
			PATH="$B:$PATH" sh -c "${line#??}" 2>&1 </dev/null
		done
	) >"$work/printed"
	diff -u "$work/expected" "$work/printed" && [ "$(grep -c '^[$]' "$work/printed")" -ge 4 ]
}

# Build the overlay of the last tutorial, and find its profile in it.
tutorial_overlay() {
	tests/kubernetes/build.sh "$work" "$work/tutorial" &&
		jq -e --arg name "$1" '[.[] | select(.kind == "ConfigMap").data[] | select(test("(?m)^name: " + $name + "$"))] | length > 0' \
			"$work/tutorial.json"
}

cat >"$work/facts.yaml" <<-END
	cpus: 16
	memory: 64GiB
	page_size: 4096
	numa_nodes: 2
	nic_gbps: 25
	disks: 2
	disk_size: 2500G
	kernel: 6.1
END
cat >"$work/base.yaml" <<-END
	version: 1
	name: base
	persist: false
	modules: [nfsd]
	sysctl: {vm.swappiness: 60, kernel.core_pattern: "|/bin/x %p # \"\\\\", vm.dirty_ratio: 10}
	storage: [{name: data, mount: /mnt/data, options: [noatime]}]
	settings: {"a.b": {c: "\${x} %{y} \"z\" \\\\ #"}, motd: "é", list: [1, true, "2", a b]}
END
cat >"$work/top.yaml" <<-END
	version: 1
	include: [base.yaml, nfs-server]
	unset: [vm.vfs_cache_pressure]
	sysctl: {vm/swappiness: {value: = cpus, optional: true}, net.ipv4.tcp_rmem: 4096 131072 16777216}
	storage: [{name: data, mkfs: {agcount: "= max(4, cpus)"}}]
	nfsd: {threads: "= max(8, cpus * 2)"}
END

cat >"$work/when.yaml" <<-END
	version: 1
	include: [network-wan] # which is built in
	sysctl:
	  vm.swappiness: {value: = cpus, when: cpus > 99}
	  vm.vfs_cache_pressure: {value: 50, when: memory >= 32GiB}
END

for profile in $(hosttune profiles | cut -d' ' -f1); do
	check "$profile: each format says the same" same_settings --source $image "$profile"
	check "$profile: there and back" round_trip '' "$profile"
	check "$profile: there and back by name" round_trip --as-is "$profile"
	check "$profile: there and back on other hosts" profile_round_trip "$profile"
done
check "files: each format says the same" same_settings --source $image --essential "$work/top.yaml"
check "files: there and back" round_trip '' "$work/top.yaml"
check "several: there and back" round_trip '' container-node "$work/top.yaml" network-wan
check "several built-in ones: there and back by name" round_trip --as-is container-node network-wan
check "a file as it is: there and back" round_trip --as-is profiles/incident-4307.yaml
check "a file with conditions: there and back" round_trip '' "$work/when.yaml"
check "a file with conditions is embedded unchanged" cmp "$work/when.yaml" "$work/embedded.yaml"
check "files: there and back on other hosts" profile_round_trip "$work/top.yaml"
check "facts do not replace formulas" formula_kept
check "--name" sh -c "'$B/hosttune' userdata --source x --name a-1 nfs-server | /usr/bin/python3 tests/userdata_read.py toml profile a-1"
check "native: each format says the same" same_settings --native --facts "$work/facts.yaml" "$work/top.yaml"
hosttune userdata --native --facts "$work/facts.yaml" nfs-server network-wan >"$work/native"
check "native: strings and switches" native_types

hosttune profiles nfs-server | gzip >"$work/gzip"
hosttune profiles nfs-server | base64 >"$work/base64"
hosttune userdata --source $image nfs-server >"$work/TOML"
for word in gzip base64 TOML; do
	check "a profile that is $word" refused "$work/$word" $word
done
check "packaging/user-data is current" current
for page in nfs/my-nfs local-pv/my-volumes-guarded; do
	check "docs/tutorial-${page%/*}.md: commands and output" tutorial "tutorial-${page%/*}.md"
	if command -v kustomize >/dev/null || command -v kubectl >/dev/null; then
		check "docs/tutorial-${page%/*}.md: the overlay" tutorial_overlay "${page#*/}"
	else
		skip "docs/tutorial-${page%/*}.md: the overlay" "neither kubectl nor kustomize is installed"
	fi
done
if command -v terraform >/dev/null; then
	check "terraform fmt" terraform_reads
fi

summary
