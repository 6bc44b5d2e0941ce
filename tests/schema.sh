#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check that the JSON Schema of `hosttune schema` accepts the same profiles as `hosttune
# validate`: the built-in ones, the README's and those of the golden cases; and that the one of
# `hosttune schema --report` describes all reports of the golden cases. An independent validator
# reads the schemas: python3-jsonschema.
set -u
LC_ALL=C
export LC_ALL

cd "$(dirname "$0")/.." || exit 2
B=$(cd "${B:-build}" && pwd) || exit 2
PYTHON=/usr/bin/python3
. tests/tap.sh

# Succeed if the profile of the case $1 is wrong in a way that a schema cannot detect.
unseen() {
	case $1 in
	bad-sysctl-values | bad-sysctl-types) return 1 ;;
	audit-npd-profile | validate-junit) ;; # values of sysctls
	validate-sysctl-lowers | validate-sysctl-no-notes) ;; # what the kubelet requires
	validate-sysctl-node-only | validate-sysctl-quiet) ;; # the same
	bad-sysctl-*) ;;         # facts about sysctls: keys, ranges, conflicts between two
	bad-mount-options) return 1 ;;
	bad-mount-*) ;;          # paths; conflicts between two items
	bad-duplicate-*) ;;      # a duplicate key: lost when YAML is read
	bad-tags) ;;             # lost when YAML is read
	bad-value-nul) ;;        # Python reads it as a string
	bad-formulas | bad-formulas-names | bad-formulas-network | bad-min-size) ;; # content of a formula
	bad-conditions-texts) ;; # content of a condition
	bad-contradiction | bad-files-twice) ;; # conflicts between two sections
	bad-conditions-together | bad-conditions-replaced) ;; # conflicts between two
	bad-too-deep) ;;         # a limit of the reader
	bad-scheduler) ;;        # a kernel may have other schedulers
	bad-module-names) ;;     # characters of a name
	bad-settings | bad-settings-names | bad-settings-rendered) ;; # any setting is valid: only the API knows what it accepts
	formulas-offline) ;;     # content of a formula
	include-cycle* | bad-include-deep) ;; # other files
	bad-array-label | bad-nfsd-numbers) ;; # characters of a label; conflicts between two
	*) return 1 ;;
	esac
}

# Golden cases have several errors each. These have one or none: one profile per line.
lines() {
	cat <<-'END'
		{}
		{version: 1}
		{version: "1"}
		{version: 2}
		{version: 1, name: 12, description: true}
		{version: 1, name: []}
		{version: 1, persist: false}
		{version: 1, persist: "true"}
		{version: 1, persist: yes}
		{version: 1, include: [nfs-server, local-pv]}
		{version: 1, include: nfs-server}
		{version: 1, include: [[]]}
		{version: 1, modul: []}
		{version: 1, modules: [nfsd, 9p]}
		{version: 1, modules: [nfsd, nfsd]}
		{version: 1, modules: [""]}
		{version: 1, modules:}
		{version: 1, modules: [{name: nfsd, when: cpus > 1}, {name: sunrpc}]}
		{version: 1, modules: [{when: cpus > 1}]}
		{version: 1, modules: [{name: nfsd, wen: cpus > 1}]}
		{version: 1, sysctl: {}}
		{version: 1, sysctl: {when: kernel >= 6.1, a.b: 1}}
		{version: 1, sysctl: {when: [kernel], a.b: 1}}
		{version: 1, sysctl: {a.b: {value: 1, when: kernel >= 6.1}}}
		{version: 1, sysctl: {a.b: {value: 1, when: ""}}}
		{version: 1, sysctl: {a.b: {when: kernel >= 6.1}}}
		{version: 1, sysctl: {a.b: [{min: 1, when: kernel >= 6.1}]}}
		{version: 1, storage: [{name: a, when: disks >= 2}]}
		{version: 1, nfsd: {threads: 8, when: cpus > 8}}
		{version: 1, settings: {when: cpus > 8, motd: hi}}
		{version: 1, settings: {when: {motd: hi}}}
		{version: 1, sysctl: {a.b: 1, a.c: "x y", a.d: 2, a.e: 1.5, a.f: -1}}
		{version: 1, sysctl: {a.b: }}
		{version: 1, sysctl: {a.b: " "}}
		{version: 1, sysctl: {a.b: []}}
		{version: 1, sysctl: {a.b: [1, two, {min: 16MiB}, {max: "= memory / 2"}]}}
		{version: 1, sysctl: {a.b: [[1]]}}
		{version: 1, sysctl: {a.b: [{}]}}
		{version: 1, sysctl: {a.b: [{value: 1}]}}
		{version: 1, sysctl: {a.b: [{min: 1, max: 2}]}}
		{version: 1, sysctl: {a.b: {}}}
		{version: 1, sysctl: {a.b: {min: 1, max: 2}}}
		{version: 1, sysctl: {a.b: {min: -1}}}
		{version: 1, sysctl: {a.b: {min: 1mb}}}
		{version: 1, sysctl: {a.b: {min: [1]}}}
		{version: 1, sysctl: {a.b: {min: 1, of: 2}}}
		{version: 1, sysctl: {a.b: {min: 1, persist: false, optional: true}}}
		{version: 1, sysctl: {a.b: {optional: true}}}
		{version: 1, sysctl: {a.b: {value: [1, {min: 2}]}}}
		{version: 1, sysctl: {a.b: {value: {min: 2}, optional: true}}}
		{version: 1, sysctl: {a.b: {value: 1, min: 2}}}
		{version: 1, sysctl: {a.b: {value: 1, persist: 0}}}
		{version: 1, storage: []}
		{version: 1, storage: {name: a}}
		{version: 1, storage: [a]}
		{version: 1, storage: [{label: a}]}
		{version: 1, storage: [{name: 1, disks: {serial: 123, min-size: 1TiB}, format: xfs}]}
		{version: 1, storage: [{name: a, format: ext4}]}
		{version: 1, storage: [{name: a, label: ""}]}
		{version: 1, storage: [{name: a, disks: {size: 1}}]}
		{version: 1, storage: [{name: a, disks: {min-size: 1.5}}]}
		{version: 1, storage: [{name: a, mkfs: {agcount: "= max(4, cpus)", reflink: false}}]}
		{version: 1, storage: [{name: a, mkfs: {agcount: 4k}}]}
		{version: 1, storage: [{name: a, mkfs: {agcount: 0}}]}
		{version: 1, storage: [{name: a, mkfs: {reflink: 1}}]}
		{version: 1, storage: [{name: a, mkfs: 1}]}
		{version: 1, storage: [{name: a, mount: /mnt/a, options: noatime}]}
		{version: 1, storage: [{name: a, mount: /mnt/a, options: ["noatime,nodiratime"]}]}
		{version: 1, nfsd: {threads: 8, start: true, versions: [4.1, "4.2"], pool-mode: auto}}
		{version: 1, nfsd: {threads: "8"}}
		{version: 1, nfsd: {threads: 8.5}}
		{version: 1, nfsd: {threads: 8193}}
		{version: 1, nfsd: {threads: "= cpus"}}
		{version: 1, nfsd: {threads: "=cpus"}}
		{version: 1, nfsd: {start: true}}
		{version: 1, nfsd: {threads: 8, versions: 4.1}}
		{version: 1, nfsd: {threads: 8, pool-mode: big}}
		{version: 1, nfsd: []}
		{version: 1, settings: {a: {b-c: [1, true, x]}, "d.e": 1}}
		{version: 1, settings: [a]}
		{version: 1, waive: []}
		{version: 1, waive: [{resource: sysctl a.b, reason: x, until: 2999-12-31}]}
		{version: 1, waive: [{resource: sysctl a.b, reason: x, until: "2999-12-31"}]}
		{version: 1, waive: [{resource: sysctl a.b, reason: 12, until: 2999-12-31}]}
		{version: 1, waive: [{resource: sysctl a.b, reason: x}]}
		{version: 1, waive: [{resource: sysctl a.b, reason: x, until: soon}]}
		{version: 1, waive: [{resource: sysctl a.b, reason: x, until: 20301231}]}
		{version: 1, waive: [{resource: sysctl a.b, reason: x, until: 2999-12-31, by: me}]}
		{version: 1, waive: {resource: sysctl a.b, reason: x, until: 2999-12-31}}
		[]
		version
	END
}

work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-schema-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

# Print "accepted FILE" or "rejected FILE: why" for each file. Read YAML as editors do, with
# the core schema of YAML 1.2: "yes", dates and 1:30 are strings.
judge() {
	$PYTHON - "$work/schema.json" "$work/files" >"$work/verdicts" <<-'END'
		import json, re, sys, jsonschema, yaml

		class Loader(yaml.SafeLoader):
		    yaml_implicit_resolvers = {}

		def core(tag, pattern):
		    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), None)

		core("null", r"^(~|null|Null|NULL|)$")
		core("bool", r"^(true|True|TRUE|false|False|FALSE)$")
		core("int", r"^[-+]?[0-9]+$")
		core("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
		Loader.add_constructor("tag:yaml.org,2002:int", lambda l, node: int(node.value))
		Loader.add_constructor("tag:yaml.org,2002:float", lambda l, node: float(node.value))
		Loader.add_constructor("!custom", lambda l, node: node.value)
		with open(sys.argv[1]) as f:
		    schema = json.load(f)
		jsonschema.Draft202012Validator.check_schema(schema)
		validator = jsonschema.Draft202012Validator(schema)
		for name in open(sys.argv[2]).read().split():
		    try:
		        with open(name, "rb") as f:
		            validator.validate(yaml.load(f, Loader))
		        print("accepted " + name)
		    except jsonschema.ValidationError as e:
		        print("rejected %s: %s: %s" % (name, e.json_path, e.message[:120]))
		    except yaml.YAMLError as e:
		        print("rejected %s: not YAML" % name)
	END
}

# Validate a profile, from its directory: it may include others.
valid() { (cd "$(dirname "$1")" && "$B/hosttune" validate "$(basename "$1")" >/dev/null 2>&1); }

# Check that the program agrees with the schema's verdict $2 on the file $1.
agrees() {
	case=$(basename "$(dirname "$1")")
	cat "$work/verdict"
	if valid "$1"; then
		echo "valid, and $2"
		[ "$2" = accepted ]
	elif unseen "$case"; then
		echo "listed as invisible to a schema, and $2: remove it from the list"
		[ "$2" = accepted ]
	else
		echo "not valid, and $2"
		[ "$2" = rejected ]
	fi
}

# Validate reports against the schema. The schema permits members that a later version adds;
# here there must be none. Print those members that no report has.
reports_valid() {
	"$B/hosttune" schema --report >"$work/report.json" || return
	$PYTHON - "$work/report.json" "$@" <<-'END'
		import json, sys, jsonschema

		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft202012Validator.check_schema(schema)
		unseen = set()

		def close(s, path=""):
		    if not isinstance(s, dict):
		        return
		    if "properties" in s:
		        s["additionalProperties"] = False
		        unseen.update(path + "/" + name for name in s["properties"])
		    for name, member in s.get("properties", {}).items():
		        close(member, path + "/" + name)
		    close(s.get("items"), path)
		    for one in s.get("oneOf", []):
		        close(one, path)

		def see(value, path=""):
		    for item in value if isinstance(value, list) else []:
		        see(item, path)
		    for name in value if isinstance(value, dict) else []:
		        unseen.discard(path + "/" + name)
		        see(value[name], path + "/" + name)

		close(schema)
		validator = jsonschema.Draft202012Validator(schema)
		for file in sys.argv[2:]:
		    report = json.load(open(file))
		    see(report)
		    for e in validator.iter_errors(report):
		        sys.exit("%s: %s: %s" % (file, e.json_path, e.message[:200]))
		print("%d reports" % len(sys.argv[2:]))
		if unseen:
		    sys.exit("in no report: " + " ".join(sorted(unseen)))
	END
}

# An audit that asks a Bottlerocket API: the report says which services a change restarts.
report_with_api() {
	echo '{}' >"$work/have.json"
	"$B/api-stub" --settings "$work/have.json" "$work/api.sock" &
	stub=$!
	i=0
	while [ ! -S "$work/api.sock" ] && [ $i -lt 100 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	(cd tests/cases/audit-drift && "$B/hosttune" audit --root root profile.yaml \
		--api-socket "$work/api.sock" -o json="$work/reports/api.json" >/dev/null 2>&1)
	kill $stub
	wait $stub
}

# The golden reports, and an audit of each host of the golden cases.
all_reports() {
	mkdir "$work/reports"
	for out in tests/cases/*/out; do
		! grep -q '^  "summary": {' "$out" || ! jq -e . "$out" >/dev/null 2>&1 || echo "$out"
	done >"$work/golden"
	[ "$(wc -l <"$work/golden")" -ge 8 ] || return
	for root in tests/cases/*/root; do
		case=$(basename "${root%/root}")
		[ ! -f "${root%root}make.sh" ] || continue
		(cd "${root%/root}" && "$B/hosttune" audit --no-api --root root profile.yaml \
			-o json="$work/reports/$case.json" >/dev/null 2>&1)
		"$B/hosttune" diagnose --root "$root" -o json="$work/reports/$case.diagnose.json" >/dev/null 2>&1
	done
	for log in tests/diagnose/logs/*.kmsg; do
		"$B/hosttune" diagnose --kmsg "$log" -o json >"$work/reports/$(basename "$log").json" 2>/dev/null
	done
	report_with_api
	# shellcheck disable=SC2046 # a list of files
	reports_valid $(cat "$work/golden") "$work"/reports/*.json
}

same() {
	echo "$1 and $2"
	[ "$1" = "$2" ]
}

check "each report matches the schema of reports, which has no other members" all_reports
mkdir "$work/readme"
# shellcheck disable=SC2016 # backquotes of Markdown
sed -n '/^```yaml/,/^```/p' README.md | grep -v '^```' >"$work/readme/README.yaml"
find profiles/*.yaml "$work/readme/README.yaml" tests/cases/*/profile.yaml -prune -type f \
	>"$work/files"
mkdir "$work/lines"
lines | while IFS= read -r line; do
	i=$((${i:-100} + 1))
	echo "$line" >"$work/lines/$i.yaml"
	echo "$work/lines/$i.yaml" >>"$work/files"
done

check "the schema is printed" sh -c "'$B/hosttune' schema >'$work/schema.json'"
check "the schema is valid, and an independent validator reads it" judge
check "each file has a verdict" \
	same "$(grep -c . "$work/files")" "$(grep -c . "$work/verdicts")"
while read -r word file why; do
	file=${file%:}
	echo "$word $why" >"$work/verdict"
	name=${file#"$work"/*/}
	[ "$name" = "$file" ] || [ "$name" = README.yaml ] || name=$(cat "$file")
	check "$name" agrees "$file" "$word"
done <"$work/verdicts"
summary
