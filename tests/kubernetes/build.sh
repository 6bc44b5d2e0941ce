#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# build.sh DIR OVERLAY... : build overlays of packaging/kubernetes with kustomize or kubectl,
# each as DIR/OVERLAY.json, a list of objects.
set -eu
cd "$(dirname "$0")/../.."
out=$1
shift
overlays=packaging/kubernetes/overlays
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian 12 has kubectl 1.20. Before 1.21, kubectl read directories only under the key
# "bases", and patches only under "patchesStrategicMerge".
old_tree() {
	[ ! -d "$work/kubernetes" ] || return 0
	cp -r packaging/kubernetes "$work/kubernetes"
	/usr/bin/python3 - "$work"/kubernetes/overlays/*/kustomization.yaml <<-'END'
		import sys, yaml
		for name in sys.argv[1:]:
		    k = yaml.safe_load(open(name))
		    named = k.pop("resources", [])
		    k["resources"] = [r for r in named if r.endswith(".yaml")]
		    k["bases"] = [r for r in named if r not in k["resources"]]
		    k["patchesStrategicMerge"] = [p["path"] for p in k.pop("patches", [])]
		    yaml.safe_dump(k, open(name, "w"))
	END
}

build() {
	if command -v kustomize >/dev/null; then
		kustomize build "$overlays/$1"
	elif ! kubectl kustomize "$overlays/$1" 2>"$work/error"; then
		grep -qE 'must be a file|patchesStrategicMerge' "$work/error" || {
			cat "$work/error" >&2
			return 1
		}
		old_tree
		kubectl kustomize "$work/kubernetes/overlays/$1"
	fi
}

for overlay; do
	build "$overlay" >"$work/yaml"
	/usr/bin/python3 -c 'import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)' \
		<"$work/yaml" >"$out/$overlay.json"
done
