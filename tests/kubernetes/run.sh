#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check packaging/kubernetes: each overlay is built, what that gives is valid for Kubernetes
# and the Prometheus operator, each mode has the least rights, the alert rules fire when they
# should, and the program exports what they read.
# shellcheck disable=SC2016 # filters of jq
set -u
LC_ALL=C
export LC_ALL

cd "$(dirname "$0")/../.." || exit 2
B=$(cd "${B:-build}" && pwd) || exit 2
PYTHON=/usr/bin/python3
OVERLAYS='audit audit-drives watch monitoring node-problem-detector'
manifests=packaging/kubernetes
. tests/tap.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-kubernetes-XXXXXX") || exit 2
pids=''
trap '[ -z "$pids" ] || kill $pids 2>/dev/null; rm -rf "$work"' EXIT

not() { ! "$@"; }

# lacking TOOL WHAT: skip tests, and name what they need.
lacking() { skip "$2" "$1 is not installed"; }

same() {
	echo "$1 and $2"
	[ "$1" = "$2" ]
}

# --- schemas --------------------------------------------------------------------------

# Validate the objects of the file $1.
valid() {
	$PYTHON - tests/kubernetes/schemas.json "$1" <<-'END'
		import json, sys, jsonschema
		schemas = json.load(open(sys.argv[1]))
		bad = 0
		for o in json.load(open(sys.argv[2])):
		    schema = dict(schemas, **{"$ref": "#/$defs/" + o["kind"]})
		    for e in jsonschema.Draft202012Validator(schema).iter_errors(o):
		        print("%s %s: %s: %s" % (o["kind"], o["metadata"]["name"], e.json_path, e.message[:160]))
		        bad = 1
		sys.exit(bad)
	END
}

# mutant FILTER: the audit, changed by jq, is not valid.
mutant() {
	jq "$1" "$work/audit.json" >"$work/mutant.json" && ! same "$(cat "$work/audit.json")" "$(cat "$work/mutant.json")" &&
		not valid "$work/mutant.json"
}

# --- rights ---------------------------------------------------------------------------

# holds OVERLAY FILTER: the filter is true of the pod of its DaemonSet; $c is the container.
holds() {
	jq -e '.[] | select(.kind == "DaemonSet").spec.template
		| .spec as $pod | $pod.containers[0] as $c | ($c.securityContext) as $s | '"$2" "$work/$1.json"
}

any_mode() {
	check "$1: one container" holds "$1" '$pod.containers | length == 1'
	check "$1: no token of its service account" holds "$1" '$pod.automountServiceAccountToken == false'
	check "$1: the service account has none" \
		jq -e '.[] | select(.kind == "ServiceAccount").automountServiceAccountToken == false' "$work/$1.json"
	check "$1: rights that do not contradict each other" holds "$1" '$s | (.privileged and .allowPrivilegeEscalation == false) | not'
	check "$1: a read-only root" holds "$1" '$s.readOnlyRootFilesystem'
	check "$1: requests and a limit of memory" holds "$1" \
		'$c.resources | .requests.cpu and .requests.memory and .limits.memory'
	check "$1: probes of /healthz" holds "$1" \
		'[$c.livenessProbe, $c.readinessProbe] | all(.httpGet == {path: "/healthz", port: "metrics"})'
	check "$1: the port of the probes is the one it listens on" holds "$1" \
		'($c.ports[0] | .name == "metrics" and .containerPort == 9876)
			and ($c.args | index("$(HOST_IP):9876")) and $c.env[0].valueFrom.fieldRef.fieldPath == "status.hostIP"'
	check "$1: volumes and mounts agree" holds "$1" \
		'([$pod.volumes[].name] | sort) == ([$c.volumeMounts[].name] | sort)'
	check "$1: the selector finds the pod" jq -e \
		'.[] | select(.kind == "DaemonSet").spec | .selector.matchLabels == .template.metadata.labels' "$work/$1.json"
	check "$1: the profile is that of the config map" test \
		"$(jq -r '.[] | select(.kind == "ConfigMap").metadata.name' "$work/$1.json")" = \
		"$(jq -r '.[] | select(.kind == "DaemonSet").spec.template.spec.volumes[] | select(.name == "profile").configMap.name' "$work/$1.json")"
	check "$1: all objects are in one namespace" test "hosttune" = \
		"$(jq -r '.[] | select(.kind != "Namespace").metadata.namespace' "$work/$1.json" | sort -u)"
	jq -r '.[] | select(.kind == "ConfigMap").data["profile.yaml"]' "$work/$1.json" >"$work/profile.yaml"
	check "$1: the profile is valid" "$B/hosttune" validate "$work/profile.yaml"
	check "$1: the program takes its arguments" takes_arguments "$1"
}

# The arguments are right if the only thing wrong is the profile, which is not on this host.
takes_arguments() {
	jq -r '.[] | select(.kind == "DaemonSet").spec.template.spec.containers[0].args[]' "$work/$1.json" |
		sed 's/\$(HOST_IP)/127.0.0.1/; s|^/etc/hosttune/.*|/nonexistent/profile.yaml|' >"$work/args"
	# shellcheck disable=SC2046 # words, none with a space
	"$B/hosttune" $(cat "$work/args") >"$work/out" 2>&1
	same 2 $? && grep -q '^/nonexistent/profile.yaml' "$work/out"
}

# --- node-problem-detector ---------------------------------------------------------------

npd_config() {
	jq -r '.[] | select(.kind == "ConfigMap").data["hosttune.json"]' "$work/node-problem-detector.json" >"$work/npd.json"
}

# What node-problem-detector checks of a custom plugin, and that it knows each key.
npd_accepts() {
	jq -e '
		def seconds: capture("^(?<n>[0-9]+)(?<unit>[sm])$") | (.n | tonumber) * {s: 1, m: 60}[.unit];
		. as $all
		| (keys - ["conditions", "metricsReporting", "plugin", "pluginConfig", "rules", "source"] == [])
		and (.pluginConfig | keys - ["concurrency", "enable_message_change_based_condition_update",
			"invoke_interval", "max_output_length", "skip_initial_status", "timeout"] == [])
		and (.conditions | all(keys == ["message", "reason", "type"]))
		and .plugin == "custom"
		and (.rules | all(
			(keys - ["args", "condition", "invoke_interval", "path", "reason", "timeout", "type"] == [])
			and .type == "permanent"
			and (.condition | IN($all.conditions[].type))
			and (.timeout | seconds) <= ($all.pluginConfig.timeout | seconds)
			# the deadline of the audit comes first, and the next run later
			and (.args[(.args | index("--deadline")) + 1] | tonumber) < (.timeout | seconds)
			and (.timeout | seconds) < ($all.pluginConfig.invoke_interval | seconds)))' "$work/npd.json"
}

# The command of a rule, with the profile of the config map on this host: one line, and its
# exit codes.
npd_line() {
	jq -r '.[] | select(.kind == "ConfigMap").data["profile.yaml"]' "$work/node-problem-detector.json" >"$work/npd.yaml"
	jq -r ".rules[$1].args[]" "$work/npd.json" | sed "s|^/etc/hosttune/profile.yaml|$work/npd.yaml|" >"$work/args"
	# shellcheck disable=SC2046 # words, none with a space
	"$B/hosttune" $(cat "$work/args") >"$work/out" 2>&1
	status=$?
	echo "exit status $status"
	cat "$work/out"
	[ $status -le 2 ] && [ "$(wc -l <"$work/out")" = 1 ] && [ "$(head -n 1 "$work/out" | wc -c)" -le 81 ]
}

# --- alerts ---------------------------------------------------------------------------

rules() {
	jq '.[] | select(.kind == "PrometheusRule").spec' "$work/monitoring.json" >"$work/rules.yaml"
}

# A metric name in each expression of an alert, without those of Prometheus itself.
rule_metrics() {
	jq -r '.groups[].rules[].expr' "$work/rules.yaml" | grep -o 'hosttune_[a-z_]*' | sort -u
}

test_rules() {
	cp tests/kubernetes/alerts.yaml "$work/alerts.yaml"
	promtool test rules "$work/alerts.yaml"
}

# each_alert_is_tested: with a series that fires it.
each_alert_is_tested() {
	jq -r '.groups[].rules[].alert' "$work/rules.yaml" | while read -r alert; do
		$PYTHON -c '
import sys, yaml
tests = yaml.safe_load(open("tests/kubernetes/alerts.yaml"))["tests"]
alerts = [a for t in tests for a in t["alert_rule_test"] if a["alertname"] == sys.argv[1]]
fired = [a for a in alerts if a.get("exp_alerts")]
quiet = [a for a in alerts if not a.get("exp_alerts")]
sys.exit(not (fired and quiet))' "$alert" || {
			echo "$alert: needs a test in which it fires, and one in which it does not"
			exit 1
		}
	done
}

# Run a real watch that changes nothing, with a Bottlerocket API, and save its metrics.
export_metrics() {
	printf 'version: 1\nsysctl: {vm.swappiness: {min: 0}}\nnfsd: {threads: 8}\n' >"$work/watch.yaml"
	cat >"$work/rules-test.yaml" <<-'END'
		version: 1
		rules: [{name: TestIsSo, severity: critical, when: cpus >= 0, text: the test is so, source: a test, good: [{cpus: 1}], bad: [{cpus: -1}]}]
		verdicts: [{name: TestVerdict, confidence: certain, cause: [TestIsSo], text: the test is so, source: a test, next: [none]}]
	END
	"$B/api-stub" "$work/api.sock" >"$work/stub.log" 2>&1 &
	pids="$pids $!"
	wait_for test -S "$work/api.sock" || return 1
	"$B/hosttune" watch --dry-run --api-socket "$work/api.sock" --audit-interval 1 \
		--rules "$work/rules-test.yaml" --npd-file "$work/npd" \
		--metrics-file "$work/metrics.prom" "$work/watch.yaml" >"$work/watch.log" 2>&1 &
	pids="$pids $!"
	if wait_for grep -q hosttune_last_audit "$work/metrics.prom" &&
		wait_for grep -q hosttune_last_diagnosis "$work/metrics.prom"; then
		return
	fi
	cat "$work/watch.log"
	return 1
}

# What the watch found, as the plugin of node-problem-detector prints it.
plugin() {
	sh $manifests/overlays/node-problem-detector/findings.sh "$1" 15 >"$work/plugin.out"
	status=$?
	echo "exit status $status"
	cat "$work/plugin.out"
	[ "$(wc -l <"$work/plugin.out")" = 1 ] && [ "$(wc -c <"$work/plugin.out")" -le 81 ] && same "$status" "$2" &&
		grep -q "$3" "$work/plugin.out"
}

plugin_finds() {
	wait_for test -s "$work/npd" && plugin "$work/npd" 1 "the test is so"
}

plugin_stale() {
	cp "$work/npd" "$work/npd.old" && touch -d '16 minutes ago' "$work/npd.old" && plugin "$work/npd.old" 2 '^unknown: '
}

wait_for() {
	i=0
	until "$@" 2>/dev/null; do
		i=$((i + 1))
		[ $i -lt 200 ] || return 1
		sleep 0.1
	done
}

# The threads of a namespace are exported only where a server runs: tests/vm/watch.sh has
# them.
exports_all() {
	for metric in $(rule_metrics); do
		# of a server, and of what is found: there may be none
		case $metric in hosttune_nfsd_threads | hosttune_finding) continue ;; esac
		grep -qE "^${metric}[ {]" "$work/metrics.prom" || {
			echo "$metric: is in a rule, but not exported"
			cat "$work/metrics.prom"
			return 1
		}
	done
}

# --- all ------------------------------------------------------------------------------

if command -v kustomize >/dev/null || command -v kubectl >/dev/null; then
	for overlay in $OVERLAYS; do
		check "$overlay: is built" tests/kubernetes/build.sh "$work" "$overlay"
		check "$overlay: is valid" valid "$work/$overlay.json"
	done
	check "audit: a misspelt key is not valid" mutant '(.[] | select(.kind == "DaemonSet").spec.template.spec) |= (.hostNetwrk = true)'
	check "audit: a value of another type is not valid" mutant '(.[] | select(.kind == "DaemonSet").spec.template.spec.hostNetwork) = "yes"'
	check "audit: a missing key is not valid" mutant 'del(.[] | select(.kind == "DaemonSet").spec.selector)'
	check "watch, monitoring: each kind has a schema" sh -c "
		jq -r '.[].kind' '$work/watch.json' '$work/monitoring.json' | sort -u | xargs | grep -qx 'ConfigMap DaemonSet Namespace PodMonitor PrometheusRule ServiceAccount'"
	for mode in audit audit-drives watch; do
		any_mode $mode
	done
	for mode in audit audit-drives; do
		check "$mode: changes nothing" holds $mode '$c.args | index("--dry-run")'
		check "$mode: mounts are read-only" holds $mode '$c.volumeMounts | all(.readOnly)'
		check "$mode: not the host's processes" holds $mode '$pod.hostPID | not'
	done
	check "audit: no capabilities" holds audit '$s.capabilities == {drop: ["ALL"]}'
	check "audit: no privileges, and none to gain" holds audit '($s.privileged | not) and $s.allowPrivilegeEscalation == false'
	check "audit: the runtime's seccomp profile" holds audit '$s.seccompProfile.type == "RuntimeDefault"'
	check "watch: the rights that docs/nfsd.md names" holds watch '$s.privileged and $pod.hostPID and $pod.hostNetwork'
	check "monitoring: the monitor finds both" jq -e --slurpfile audit "$work/audit.json" --slurpfile watch "$work/watch.json" '
		.[] | select(.kind == "PodMonitor").spec as $m
		| [$audit[0][], $watch[0][] | select(.kind == "DaemonSet").spec.template] | length == 2 and all(
			(.metadata.labels | contains($m.selector.matchLabels))
			and .spec.containers[0].ports[0].name == $m.podMetricsEndpoints[0].port)' "$work/monitoring.json"
	check "monitoring: the alerts are read" rules
	check "node-problem-detector: its configuration is read" npd_config
	check "node-problem-detector: accepts it" npd_accepts
	check "node-problem-detector: the audit prints a line" npd_line 0
	check "node-problem-detector: the diagnosis prints a line" npd_line 1
else
	lacking "kubectl or kustomize" "the overlays"
	# the rules need no kustomize
	$PYTHON -c 'import json, yaml; print(json.dumps(yaml.safe_load(open("'$manifests'/overlays/monitoring/prometheus-rule.yaml"))["spec"]))' >"$work/rules.yaml"
fi
if command -v promtool >/dev/null; then
	check "alerts: promtool accepts the rules" promtool check rules "$work/rules.yaml"
	check "alerts: fire when they should" test_rules
	check "alerts: each is tested" each_alert_is_tested
else
	lacking promtool "the alert rules"
fi
if [ "$(id -u)" = 0 ]; then
	check "a watch exports metrics" export_metrics
	check "alerts: each metric is exported" exports_all
	check "node-problem-detector: the plugin prints what the watch found" plugin_finds
	check "node-problem-detector: an old file is unknown" plugin_stale
	check "node-problem-detector: so is none" plugin "$work/none.npd" 2 '^unknown: '
else
	lacking root "the metrics of a watch"
fi
summary
