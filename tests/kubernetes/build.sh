#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# build.sh DIR OVERLAY... : build overlays of packaging/kubernetes with kustomize or kubectl,
# each as DIR/OVERLAY.json, a list of objects. An OVERLAY with a slash is a directory that
# has all that it needs, and its last part is the name.
set -eu
cd "$(dirname "$0")/../.."
out=$1
shift
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian 12 has kubectl 1.20. Before 1.21, kubectl read directories only under the key
# "bases", and patches only under "patchesStrategicMerge".
# old_tree DIR: copy it to $work/tree for such a kubectl.
old_tree() {
	rm -rf "$work/tree"
	cp -rL "$1" "$work/tree"
	find "$work/tree" -name kustomization.yaml -exec /usr/bin/python3 -c '
import sys, yaml
for name in sys.argv[1:]:
    k = yaml.safe_load(open(name))
    named = k.pop("resources", [])
    k["resources"] = [r for r in named if r.endswith(".yaml")]
    k["bases"] = [r for r in named if r not in k["resources"]]
    k["patchesStrategicMerge"] = [p["path"] for p in k.pop("patches", [])]
    yaml.safe_dump(k, open(name, "w"))' {} +
}

# build TREE OVERLAY: the overlay is a directory in the tree, "." or "overlays/watch".
build() {
	if command -v kustomize >/dev/null; then
		kustomize build "$1/$2"
	elif ! kubectl kustomize "$1/$2" 2>"$work/error"; then
		grep -qE 'must be a file|patchesStrategicMerge' "$work/error" || {
			cat "$work/error" >&2
			return 1
		}
		old_tree "$1"
		kubectl kustomize "$work/tree/$2"
	fi
}

for overlay; do
	case $overlay in
	*/*) build "$overlay" . ;;
	*) build packaging/kubernetes "overlays/$overlay" ;;
	esac >"$work/yaml"
	/usr/bin/python3 -c 'import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)' \
		<"$work/yaml" >"$out/${overlay##*/}.json"
done
