#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# make.sh [HOSTTUNE [DIR]]: write the examples with this program into DIR (default: here).
#
# An NFS server on instance store that also serves clients far away: two built-in
# profiles, merged. tests/userdata.sh fails if the files differ from what this writes.
set -eu
hosttune=${1:-build/hosttune}
dir=${2:-$(dirname "$0")}

write() {
	"$hosttune" userdata --source registry.example.com/hosttune:0.1.0 \
		--format "$1" nfs-server network-wan >"$dir/$2"
}

write toml user-data.toml
write eksctl eksctl.yaml
write karpenter karpenter.yaml
write terraform terraform.tf
write cloudformation cloudformation.yaml
write ecs ecs.toml

# other hosts, whose image has the hosttune package
write_profile() {
	"$hosttune" userdata --format "$1" nfs-server network-wan >"$dir/$2"
}
write_profile cloud-init cloud-init.yaml
write_profile ignition ignition.json
