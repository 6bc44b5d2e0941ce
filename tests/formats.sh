#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check that independent readers accept what -o prints: JUnit XML with xmllint and
# tests/formats/junit.xsd, metrics with promtool, the page with Chromium. The golden cases are
# the input. That the formats agree is checked against the JSON of the same run.
set -u
LC_ALL=C
export LC_ALL

cd "$(dirname "$0")/.." || exit 2
B=$(cd "${B:-build}" && pwd) || exit 2
. tests/tap.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-formats-XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT

# need TOOL NAME: succeed if the tool is there; else the tests of NAME are skipped.
need() {
	command -v "$1" >/dev/null && return
	skip "$2" "no $1"
	return 1
}

# Audit the host of each case once, and check each invalid or remarkable profile, in all
# formats at once. The profile is named as it is in its directory.
results() {
	mkdir "$work/audit" "$work/validate"
	for root in tests/cases/*/root; do
		case=$(basename "${root%/root}")
		[ ! -f "${root%root}make.sh" ] || continue
		[ -f "${root%root}profile.yaml" ] || continue
		to=$work/audit/$case
		(cd "${root%/root}" && "$B/hosttune" audit --no-api --root root profile.yaml \
			-o json="$to.json" -o junit="$to.xml" -o prometheus="$to.prom" \
			-o html="$to.html" -o npd="$to.npd") >/dev/null 2>&1
		[ $? -ne 2 ] || rm -f "$to".*
	done
	for profile in tests/cases/*/profile.yaml; do
		case=$(basename "${profile%/profile.yaml}")
		to=$work/validate/$case
		(cd "${profile%/profile.yaml}" && "$B/hosttune" validate -v profile.yaml \
			-o json="$to.json" -o junit="$to.xml") >/dev/null 2>&1
	done
	echo "# $(find "$work/audit" -name '*.json' | wc -l) audits," \
		"$(find "$work/validate" -name '*.json' | wc -l) validations"
	[ "$(find "$work/audit" -name '*.json' | wc -l)" -ge 30 ] &&
		[ "$(find "$work/validate" -name '*.json' | wc -l)" -ge 150 ]
}

# Diagnose each of these hosts, with rules that find something on some of them, and that have
# markup in their texts.
diagnoses() {
	mkdir "$work/diagnose"
	cat >"$work/rules.yaml" <<-'END'
		version: 1
		rules:
		  - {name: Known, severity: note, when: kernel > 5.0, text: "the kernel is {kernel}", source: x,
		     good: [{kernel: 6.1}], bad: [{kernel: 4.19}]}
		  - {name: Markup, severity: critical, when: kernel > 6.2, text: "\"<b>\" & {kernel}, which is long enough to be cut: ünï",
		     why: "<i>", remedy: "a && b", source: "https://example.com/?a=1&b=2",
		     good: [{kernel: 6.12}], bad: [{kernel: 6.1}]}
	END
	for root in tests/cases/*/root; do
		case=$(basename "${root%/root}")
		[ ! -f "${root%root}make.sh" ] || continue
		to=$work/diagnose/$case
		"$B/hosttune" diagnose --root "$root" --rules "$work/rules.yaml" -o npd -o json="$to.json" \
			-o junit="$to.xml" -o prometheus="$to.prom" -o html="$to.html" >"$to.npd" 2>"$to.err"
		echo $? >"$to.status"
	done
	echo "# $(find "$work/diagnose" -name '*.json' | wc -l) diagnoses"
	[ "$(find "$work/diagnose" -name '*.json' | wc -l)" -ge 30 ] &&
		[ "$(cat "$work"/diagnose/*.status | sort -u | xargs)" = "0 1" ]
}

# --- JUnit --------------------------------------------------------------------------

junit_valid() { xmllint --noout --schema tests/formats/junit.xsd "$1"/*.xml; }

# agree DIR FILTER XPATH: of each file of DIR, the filter prints of the JSON what the XPath gives of
# the XML.
agree() {
	jq -r "\"\(input_filename) \" + ($2)" "$1"/*.json | sed 's|.*/||; s|\.json | |' >"$work/want"
	for xml in "$1"/*.xml; do
		echo "$(basename "$xml" .xml) $(xmllint --xpath "$3" "$xml")"
	done >"$work/got"
	[ -s "$work/want" ] && diff "$work/want" "$work/got"
}

# What a suite has, and what it says that it has.
totals='concat(count(//testcase), " ", count(//failure), " ", count(//skipped), "; ", //@tests, " ",
	//@failures, " ", //testsuite/@skipped)'

# One test case per resource, in the states of the JSON; the suite's totals are right.
junit_agrees() {
	agree "$work/audit" '[(.resources | length),
		([.resources[] | select(.waived | not)
			| select(.state | IN("drift", "pending", "refused", "failed"))] | length),
		.summary.skipped + (.summary.waived // 0)] | join(" ") | "\(.); \(.)"' "$totals"
}

# Each finding fails but a note, which is skipped like what was not checked.
junit_diagnose_agrees() {
	agree "$work/diagnose" '.summary | [.critical + .warning, .note + .not_checked]
		| [([.[0], 1] | max) + .[1], .[]] | join(" ") | "\(.); \(.)"' "$totals"
}

# One failed case for each change, of baselines that differ and of those that do not.
junit_baseline() {
	mkdir "$work/baseline"
	for case in baseline-compare baseline-compare-clean baseline-compare-unread; do
		"$B/hosttune" baseline compare "tests/cases/$case/before.json" "tests/cases/$case/after.json" \
			-o json="$work/baseline/$case.json" -o junit="$work/baseline/$case.xml" >/dev/null
		[ "$(jq '.summary | .configuration + .worse' "$work/baseline/$case.json")" = \
			"$(xmllint --xpath 'count(//testcase/failure)' "$work/baseline/$case.xml")" ] || return
	done
	junit_valid "$work/baseline"
}

# Each error fails, and nothing else; there is always a case.
junit_validate_agrees() {
	agree "$work/validate" '[.[] | select(.severity == "error")] | length | "\(.) true"' \
		'concat(count(//failure), " ", count(//testcase) > 0)'
}

# The line of docs/formats.md makes GitHub's workflow commands.
annotations() {
	program=$(sed -n "s/^jq -r '\\(.*\\)'\$/\\1/p" docs/formats.md)
	cat >"$work/bad.yaml" <<-END
		version: 1
		sysctl:
		  vm.swappiness: 100%
		  net.ipv4.tcp_tw_recycle: 1
	END
	(cd "$work" && "$B/hosttune" validate -v -o json bad.yaml) | jq -r "$program" >"$work/got"
	cat "$work/got"
	grep -q '^::error file=bad.yaml,line=3,col=18::sysctl vm.swappiness: "100%25" ' "$work/got" &&
		grep -q '^::warning file=bad.yaml,line=4,col=3::' "$work/got"
}

# --- Prometheus ---------------------------------------------------------------------

promtool_accepts() {
	for file in "$work"/audit/*.prom "$work"/diagnose/*.prom; do
		if ! promtool check metrics <"$file" >"$work/remarks" 2>&1 || [ -s "$work/remarks" ]; then
			echo "$(basename "$file"): $(cat "$work/remarks")"
			return 1
		fi
	done
}

# --- node-problem-detector ----------------------------------------------------------

# One line of at most 80 bytes, printable; and the plugin's status is the verdict.
npd_fits() {
	for file in "$work"/audit/*.npd "$work"/diagnose/*.npd; do
		if [ "$(wc -l <"$file")" != 1 ] || [ "$(wc -c <"$file")" -gt 81 ] ||
			LC_ALL=C.UTF-8 grep -q '[^[:print:]]' "$file"; then
			echo "$(basename "$file"): $(cat "$file")"
			return 1
		fi
	done
}

npd_status() {
	for json in "$work"/audit/*.json; do
		case=$(basename "$json" .json)
		(cd "tests/cases/$case" && "$B/hosttune" audit --no-api --root root profile.yaml -o npd) \
			>/dev/null 2>&1
		echo "$json $?"
	done >"$work/got"
	jq -r '[.resources[] | select(.waived | not)
			| if .state | IN("drift", "pending", "refused") then 1
			elif .state != "failed" then 0
			elif .reason | IN("NotReadable", "ApiUnreachable") then 2 else 1 end]
		| if index(1) then 1 else max // 0 end
		| "\(input_filename) \(.)"' "$work"/audit/*.json >"$work/want"
	[ -s "$work/want" ] && diff "$work/want" "$work/got"
}

npd_diagnose_status() {
	for status in "$work"/diagnose/*.status; do
		echo "${status%.status}.json $(cat "$status")"
	done >"$work/got"
	jq -r 'if .summary.critical + .summary.warning > 0 then 1 else 0 end | "\(input_filename) \(.)"' \
		"$work"/diagnose/*.json >"$work/want"
	[ -s "$work/want" ] && diff "$work/want" "$work/got"
}

# --- HTML ---------------------------------------------------------------------------

# Open the page of the case audit-html, whose profile and host have markup in their values.
page_opens() {
	"$B/browser" "$chromium" "$work/chromium" "file://$work/audit/audit-html.html" \
		<tests/formats/page.commands >"$work/page" 2>&1
	status=$?
	grep '^console: ' "$work/page"
	[ $status = 0 ] || tail -n 5 "$work/page"
	return $status
}

# page_shows LINE: one of the lines of page.expected.
page_shows() {
	grep -F -e "${1%%:*}:" "$work/page"
	grep -qxF -e "$1" "$work/page"
}

# The same page with an image from elsewhere: its policy forbids that, and the test sees it.
page_is_guarded() {
	sed 's|</h1>|&<img src="https://example.com/x.png">|' "$work/audit/audit-html.html" \
		>"$work/guarded.html"
	echo open | "$B/browser" "$chromium" "$work/chromium" "file://$work/guarded.html"
	[ $? -eq 1 ]
}

loads_nothing() {
	! grep -HnoE '(src|href|action)="[^"]*"|url\([^)]*\)|@import[^;]*' "$work"/audit/*.html "$work"/diagnose/*.html |
		grep -v '="data:,"'
}

# The page of a diagnosis opens without a message, and its texts are text.
diagnose_page() {
	printf 'open\neval "rows: " + document.querySelectorAll("tbody tr").length\neval "markup: " + document.querySelectorAll("td b, th b, td i").length\n' |
		"$B/browser" "$chromium" "$work/chromium" "file://$work/diagnose/audit-html.html" >"$work/shown" 2>&1 || {
		cat "$work/shown"
		return 1
	}
	rows=$(jq '(.findings | length) + (.not_checked | length)' "$work/diagnose/audit-html.json")
	cat "$work/shown"
	grep -qx "rows: $rows" "$work/shown" && grep -qx 'markup: 0' "$work/shown"
}

# The page of a fleet: two more columns to sort, by numbers.
fleet_page() {
	(cd tests/cases/report && "$B/hosttune" report -o html reports) >"$work/audit/fleet.html"
	"$B/browser" "$chromium" "$work/chromium" "file://$work/audit/fleet.html" \
		<tests/formats/fleet.commands >"$work/fleet" 2>&1 || {
		cat "$work/fleet"
		return 1
	}
	diff -u tests/formats/fleet.expected "$work/fleet"
}

# ------------------------------------------------------------------------------------

check "each case gives a result in each format" results
check "each host is diagnosed in each format" diagnoses
if need xmllint "JUnit XML"; then
	check "JUnit of audits is valid" junit_valid "$work/audit"
	check "JUnit of validations is valid" junit_valid "$work/validate"
	check "JUnit of diagnoses is valid" junit_valid "$work/diagnose"
	check "JUnit of baselines is valid" junit_baseline
	check "JUnit has the findings of the JSON" junit_diagnose_agrees
	check "JUnit has the states of the JSON" junit_agrees
	check "JUnit has the errors of the JSON" junit_validate_agrees
fi
check "the annotations of docs/formats.md" annotations
if need promtool "metrics"; then
	check "promtool has no remark about the metrics" promtool_accepts
fi
check "npd: a line of at most 80 bytes" npd_fits
check "npd: the exit status is the verdict" npd_status
check "npd: the exit status says whether anything was found" npd_diagnose_status
check "no page names a file of elsewhere" loads_nothing
chromium=$(command -v chromium || command -v chromium-browser)
if need "${chromium:-chromium}" "the page in a browser"; then
	check "the page opens without a message" page_opens
	while read -r line; do
		check "page: ${line%%:*}" page_shows "$line"
	done <tests/formats/page.expected
	check "the page of a diagnosis opens without a message" diagnose_page
	check "the page of a fleet opens, sorts and filters" fleet_page
	check "the page's policy forbids what is not in it" page_is_guarded
fi
summary
