#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# schemas.sh >schemas.json: make the strict JSON Schemas of the kinds in packaging/kubernetes
# from the OpenAPI documents of Kubernetes and the CRDs of the Prometheus operator: only what
# these kinds use, without descriptions, and no unknown key is valid. Needs Go's module proxy,
# jq and python3-yaml. The test itself needs only its result, schemas.json.
set -eu

KUBERNETES=v1.33.5
OPERATOR=v0.85.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Print the directory of a Go module: the sources of both projects, with verified checksums.
module() {
	(cd "$work" && go mod download -json "$1") | jq -r .Dir
}

kubernetes=$(module k8s.io/kubernetes@$KUBERNETES)/api/openapi-spec/v3
operator=$(module github.com/prometheus-operator/prometheus-operator@$OPERATOR)/example/prometheus-operator-crd

crd() {
	/usr/bin/python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
		<"$operator/monitoring.coreos.com_$1.yaml" |
		jq '{(.spec.names.kind): .spec.versions[] | select(.storage).schema.openAPIV3Schema}'
}

crd podmonitors >"$work/podmonitors"
crd prometheusrules >"$work/prometheusrules"
jq -nS --arg kubernetes $KUBERNETES --arg operator $OPERATOR \
	--slurpfile core "$kubernetes/api__v1_openapi.json" \
	--slurpfile apps "$kubernetes/apis__apps__v1_openapi.json" \
	--slurpfile monitors "$work/podmonitors" --slurpfile rules "$work/prometheusrules" '
	($core[0].components.schemas + $apps[0].components.schemas) as $all
	| def refs: [.. | objects | .["$ref"]? | select(type == "string") | split("/")[-1]] | unique;
	def closure($seen):
		. as $todo
		| if length == 0 then $seen
		else ($seen + $todo | unique) as $now
			| [$todo[] | $all[.] | refs[]] | unique | map(select(IN($now[]) | not)) | closure($now)
		end;
	# drop what only people read and what JSON Schema does not know
	def plain: walk(if type == "object" then
			with_entries(select(.key | startswith("x-kubernetes") | not))
			| if (.description | type) == "string" then del(.description) else . end
			| if (.type | type) == "string" or has("allOf") then del(.default, .format) else . end
			| if (.allOf | type) == "array" and (.allOf | length) == 1 then .allOf[0] else . end
		else . end);
	# metadata of a CRD is {type: object} there: Kubernetes checks it itself
	def strict: walk(if type == "object" and (.properties | type) == "object" and (.type == "object")
		then . + {additionalProperties: false} else . end);
	def local: walk(if type == "object" and (.["$ref"] | type) == "string"
		then {"$ref": ("#/$defs/" + (.["$ref"] | split("/")[-1]))} else . end);
	def required_names: .required = (((.required // []) + ["apiVersion", "kind", "metadata"]) | unique);
	{
		Namespace: "io.k8s.api.core.v1.Namespace",
		ConfigMap: "io.k8s.api.core.v1.ConfigMap",
		ServiceAccount: "io.k8s.api.core.v1.ServiceAccount",
		DaemonSet: "io.k8s.api.apps.v1.DaemonSet"
	} as $kinds
	| ([$kinds[]] | closure([])) as $used
	| ($monitors[0] + $rules[0] | map_values(.properties.metadata =
		{"$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"})) as $crds
	| {
		"$comment": ("Made by schemas.sh from k8s.io/kubernetes " + $kubernetes
			+ " (Copyright The Kubernetes Authors) and github.com/prometheus-operator/prometheus-operator "
			+ $operator + " (Copyright The prometheus-operator Authors), both under the Apache License 2.0: see LICENSE-APACHE."),
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$defs": ((([$used[] | {(.): $all[.]}] | add)
			+ ($kinds | map_values($all[.] | required_names))
			+ ($crds | map_values(required_names))) | plain | strict | local)
	}'
