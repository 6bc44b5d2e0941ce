/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "diagnose/rules/evaluate.h"
#include "diagnose/rules/load.h"
#include "diagnose/rules/verdict_findings.h"
#include "diagnose/rules/verdict_support.h"
#include "doc/node.h"
#include "test.h"

static void test_builtin_rules_are_valid(void **state)
{
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};

	(void)state;
	rules_check_builtin(&rules, &diag);
	for (size_t i = 0; i < diag.n; i++)
		print_error("%s:%u:%u: %s\n", diag.list[i].file, diag.list[i].line,
		            diag.list[i].col, diag.list[i].text);
	assert_int_equal(diag.n, 0);
	assert_true(rules.n > 0);
}

/* The rule of `file` that takes a message; NULL: none. */
static const struct rule *taker_of(const struct rules *rules, const char *file,
                                   const char *message)
{
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *rule = &rules->list[i];
		struct log_fields fields;

		for (size_t j = 0; rule->log && rule->at.file == file && j < rule->log->n;
		     j++)
			if (log_rule_match(rule->log, j, message, strlen(message),
			                   &fields)) {
				log_fields_done(&fields);
				return rule;
			}
	}
	return NULL;
}

/* No rule before it in its file takes the messages of a rule. */
static void test_builtin_rules_are_reached(void **state)
{
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};

	(void)state;
	rules_load_builtin(&rules, RULES_WITH_SAMPLES, &diag);
	for (size_t i = 0; i < rules.n; i++) {
		const struct rule *rule = &rules.list[i];

		if (!rule->log)
			continue;
		node_for_each (sample, rule->good)
			assert_ptr_equal(taker_of(&rules, rule->at.file, sample->text),
			                 rule);
	}
}

#define RULE(when, text, good, bad)                                                      \
	"version: 1\nrules:\n  - name: Test\n    severity: warning\n    when: " when     \
	"\n    text: " text "\n    source: a test\n    good: [" good "]\n    bad: [" bad \
	"]\n"

/* A file of rules, and its errors: "LINE:COL TEXT\n". */
static const struct row {
	const char *name, *text, *errors;
} rows[] = {
	{"valid", RULE("cpus > 8", "\"{cpus} CPUs\"", "{cpus: 9}", "{cpus: 8}"), ""},
	{"a version", RULE("kernel < 6.1", "old", "{kernel: 5.15}", "{kernel: 6.12}"),
         ""},
	{"no version", "rules: []\n", "1:1 version: is missing (write version: 1)\n"},
	{"another version", "version: 2\nrules: []\n", "1:10 version: should be 1\n"},
	{"no mapping", "[]\n", "1:1 rules: is a list, should be a mapping\n"},
	{"no list", "version: 1\nrules: 3\n",
         "2:8 rules: should be a list of mappings\n"},
	{"an unknown key", "version: 1\nrulez: []\nrules: []\n",
         "2:1 rule file: unknown key \"rulez\" (did you mean \"rules\"?)\n"},
	{"an unknown measure", RULE("cpuz > 8", "x", "{cpus: 9}", "{cpus: 8}"),
         "5:11 when: \"cpuz\": unknown (did you mean \"cpus\"?)\n"},
	{"an unknown placeholder",
         RULE("cpus > 8", "\"{cpuz}\"", "{cpus: 9}", "{cpus: 8}"),
         "6:11 text: {cpuz} is no measure of node (did you mean \"cpus\"?)\n"},
	{"a good sample that is bad", RULE("cpus > 8", "x", "{cpus: 8}", "{cpus: 8}"),
         "8:12 sample: should yield \"Test\"\n"},
	{"a bad sample that is good", RULE("cpus > 8", "x", "{cpus: 9}", "{cpus: 9}"),
         "9:11 sample: should not yield \"Test\"\n"},
	{"a sample without the measure",
         RULE("cpus > 8", "x", "{memory: 1}", "{cpus: 8}"),
         "8:12 sample: \"cpus\": was not read\n"},
	{"a sample with another name", RULE("cpus > 8", "x", "{cpuz: 9}", "{cpus: 8}"),
         "8:13 sample: \"cpuz\" is no measure of node\n"},
	{"no samples", RULE("cpus > 8", "x", "", ""),
         "8:11 good: should be a list of samples\n"
         "9:10 bad: should be a list of samples\n"},
};

static void test_rule(void **state)
{
	const struct row *row = *state;
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	_buf_ struct buf errors = {0};

	rules_parse(&rules, row->text, strlen(row->text), "x.yaml", &diag);
	diag_sort(&diag);
	buf_add(&errors, "");
	for (size_t i = 0; i < diag.n; i++)
		buf_addf(&errors, "%u:%u %s\n", diag.list[i].line, diag.list[i].col,
		         diag.list[i].text);
	assert_string_equal(errors.text, row->errors);
}

static void test_findings(void **state)
{
	static const char text[] =
		RULE("cpus > 8 and memory > 1GiB", "\"{cpus} CPUs, {memory}\"",
	             "{cpus: 9, memory: 2147483648}", "{cpus: 8}");
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	_cleanup_(measures_done) struct measures m = {0};

	(void)state;
	rules_parse(&rules, text, strlen(text), "x.yaml", &diag);
	assert_int_equal(diag.n, 0);
	measure_add(&m, MEASURE_CPUS, "", 96, "/sys/cpus");
	measure_add_absent(&m, MEASURE_MEMORY, "", "open /proc/meminfo: denied");
	rules_evaluate(&rules, &m, &d);
	assert_int_equal(d.n, 0);
	assert_int_equal(d.n_unchecked, 1);
	assert_string_equal(d.unchecked[0].what, "Test");
	assert_string_equal(d.unchecked[0].why, "\"memory\": open /proc/meminfo: denied");

	measures_done(&m);
	measure_add(&m, MEASURE_CPUS, "", 96, "/sys/cpus");
	measure_add(&m, MEASURE_MEMORY, "", INT64_C(64) << 30, "/proc/meminfo");
	rules_evaluate(&rules, &m, &d);
	assert_int_equal(d.n, 1);
	assert_string_equal(d.findings[0].text, "96 CPUs, 64 GiB");
	assert_int_equal(d.findings[0].evidence.n, 2);
	assert_string_equal(d.findings[0].evidence.list[0].text, "cpus 96");
	assert_string_equal(d.findings[0].evidence.list[0].where, "/sys/cpus");
	assert_true(diagnosis_has_problem(&d));
}

/* Absent measures of no subject, and many subjects in the order of their numbers. */
static void test_subjects(void **state)
{
	_cleanup_(measures_done) struct measures m = {0};
	struct measures_of s = {0};

	(void)state;
	for (int i = 11; i >= 0; i--) {
		char name[16];

		(void)snprintf(name, sizeof(name), "n%d", i);
		measure_add(&m, MEASURE_CPUS, name, i, NULL);
		measure_add(&m, MEASURE_KERNEL, name, i, NULL);
	}
	measures_sort(&m);
	for (int i = 0; i < 12; i++) {
		s = measures_next(&m, MEASURE_OF_NODE, s);
		assert_int_equal(s.n, 2);
		assert_int_equal(measure_find(s, MEASURE_CPUS)->value, i);
		assert_null(measure_find(s, MEASURE_MEMORY));
	}
	assert_int_equal(measures_next(&m, MEASURE_OF_NODE, s).n, 0);
	assert_int_equal(measures_of(&m, MEASURE_OF_NODE, "n7").list->value, 7);
	assert_int_equal(measures_of(&m, MEASURE_OF_NODE, "n99").n, 0);
}

#define INTERFACES(when, good, bad)                                                                  \
	"version: 1\nrules:\n  - name: Test\n    severity: note\n    of: interface\n    when: " when \
	"\n    text: x\n    source: a test\n    good: [" good "]\n    bad: [" bad "]\n"

/*
 * Sources of one class have other subjects: a rule concerns those that have any of its
 * measures. What could not be read was measured.
 */
static void test_concerns(void **state)
{
	static const char text[] =
		INTERFACES("driver == 'mtu' and ena_patch < 9",
	                   "{driver: mtu, ena_patch: 1}", "{driver: x}");
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	_cleanup_(measures_done) struct measures m = {0};

	(void)state;
	rules_parse(&rules, text, strlen(text), "x.yaml", &diag);
	assert_int_equal(diag.n, 0);
	measure_add(&m, MEASURE_MTU, "eth0", 1500, "/a");
	measure_add_absent(&m, MEASURE_DRIVER, "eth1", "denied");
	measure_add_text(&m, MEASURE_DRIVER, "eth2", "mtu", "/b");
	measure_add(&m, MEASURE_ENA_PATCH, "eth2", 1, "/c");
	measure_add(&m, MEASURE_MTU, "eth2", 9001, "/a");
	rules_evaluate(&rules, &m, &d);
	assert_int_equal(d.n_unchecked, 1);
	assert_string_equal(d.unchecked[0].why, "\"driver\": denied");
	assert_int_equal(d.n, 1);
	assert_string_equal(d.findings[0].subject, "eth2");
	/* the text 'mtu' is no measure */
	assert_int_equal(d.findings[0].evidence.n, 2);
}

static void test_support(void **state)
{
	static const char text[] =
		"version: 1\nverdicts:\n  - name: Starved\n    confidence: likely\n    cause: [Busy]\n"
		"    support: [Now]\n    text: x\n    source: x\n    next: [x]\n";
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};

	(void)state;
	rules_parse(&rules, text, strlen(text), "x.yaml", &diag);
	assert_int_equal(diag.n, 0);
	finding_add(&d, FINDING_WARNING, "Now", "CPU 7")->text = mem_dup("is busy");
	finding_add(&d, FINDING_WARNING, "Other", "")->text = mem_dup("is fine");
	finding_add(&d, FINDING_WARNING, "Now", "")->count = 3;
	verdict_add_support(&rules, &d);
	assert_int_equal(d.verdict.evidence.n, 0);
	d.verdict.reason = mem_dup("Starved");
	verdict_add_support(&rules, &d);
	assert_int_equal(d.verdict.evidence.n, 1);
	assert_string_equal(d.verdict.evidence.list[0].text, "now: CPU 7: is busy");
}

/* What another drive shows now says nothing of the one that failed. */
static void test_support_of_drives(void **state)
{
	static const char text[] =
		"version: 1\nverdicts:\n  - name: Failed\n    confidence: likely\n    cause: [Gone]\n"
		"    support: [Now]\n    text: x\n    source: x\n    next: [x]\n";
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};

	(void)state;
	rules_parse(&rules, text, strlen(text), "x.yaml", &diag);
	finding_add(&d, FINDING_WARNING, "Now", "nvme3n1")->text = mem_dup("is slow");
	finding_add(&d, FINDING_WARNING, "Now", "nvme2n1")->text = mem_dup("is slow");
	d.verdict.reason = mem_dup("Failed");
	d.verdict.causes = mem_dup("nvme1,nvme2");
	verdict_add_support(&rules, &d);
	assert_int_equal(d.verdict.evidence.n, 1);
	assert_string_equal(d.verdict.evidence.list[0].text, "now: nvme2n1: is slow");
}

/* Findings, the verdict of the log, and the verdict of all. */
static const struct judged_row {
	const char *name, *findings, *log;
	enum confidence log_confidence;
	const char *reason; /* NULL: none */
	enum confidence confidence;
	size_t evidence;
} judged_rows[] = {
	{"no cause", "Slow Proof", NULL, 0, NULL, 0, 0},
	{"a cause alone", "Busy", NULL, 0, NULL, 0, 0},
	{"a cause with another finding", "Busy Slow", NULL, 0, "First",
         CONFIDENCE_POSSIBLE, 2},
	{"a measured effect", "Busy Slow Proof Now", NULL, 0, "First", CONFIDENCE_LIKELY,
         4},
	{"against it", "Busy Slow Fine", NULL, 0, NULL, 0, 0},
	{"an event is of the log", "Event Slow", NULL, 0, NULL, 0, 0},
	{"the first that holds", "Sure Busy Slow", NULL, 0, "First", CONFIDENCE_POSSIBLE,
         2},
	{"the log decides", "Sure", "Log", CONFIDENCE_POSSIBLE, "Log",
         CONFIDENCE_POSSIBLE, 0},
	{"the log does not decide", "Sure", "Log", CONFIDENCE_NONE, "Sure2",
         CONFIDENCE_CERTAIN, 1},
	{"neither can", "Busy Slow", "Log", CONFIDENCE_NONE, "Log", CONFIDENCE_NONE, 0},
};

/* Each word is a finding; "Event" is one of the log with the reason of a cause. */
static void add_findings(struct diagnosis *d, const char *words)
{
	const char *word;
	size_t len;

	while ((word = words_next(&words, ' ', &len))) {
		_free_ char *reason = mem_dup_n(word, len);
		bool event = strcmp(reason, "Event") == 0;
		struct finding *f =
			finding_add(d, FINDING_WARNING, event ? "Busy" : reason, "CPU 7");

		f->text = mem_dup("is so");
		f->count = event;
	}
}

static void test_judged(void **state)
{
	static const char text[] =
		"version: 1\nverdicts:\n"
		"  - {name: First, confidence: possible, cause: [Busy], with: [Slow], "
		"against: [Fine], proof: [Proof], support: [Now], text: \"{subject}\", "
		"then: more, source: x, next: [x]}\n"
		"  - {name: Stacked, confidence: certain, cause: [Busy], stacks: [x], "
		"text: x, source: x, next: [x]}\n"
		"  - {name: Sure2, confidence: certain, cause: [Sure], text: x, source: x, "
		"next: [x]}\n";
	const struct judged_row *row = *state;
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};

	rules_parse(&rules, text, strlen(text), "x.yaml", &diag);
	assert_int_equal(rules.verdicts.n, 3);
	add_findings(&d, row->findings);
	d.verdict.reason = row->log ? mem_dup(row->log) : NULL;
	d.verdict.confidence = row->log_confidence;
	verdict_of_findings(&rules, &d);
	assert_int_equal(d.verdict.evidence.n, row->evidence);
	if (!row->reason) {
		assert_null(d.verdict.reason);
		return;
	}
	assert_string_equal(d.verdict.reason, row->reason);
	assert_int_equal(d.verdict.confidence, row->confidence);
	if (row->evidence == 4)
		assert_string_equal(d.verdict.text, "CPU 7; more");
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "concerns", test_concerns);
	suite_test(&s, "built-in rules are valid", test_builtin_rules_are_valid);
	suite_test(&s, "built-in rules are reached", test_builtin_rules_are_reached);
	suite_rows(&s, rows, test_rule);
	suite_test(&s, "findings", test_findings);
	suite_test(&s, "subjects", test_subjects);
	suite_test(&s, "counters that support a verdict", test_support);
	suite_test(&s, "counters of other drives", test_support_of_drives);
	suite_rows(&s, judged_rows, test_judged);
	return suite_run(&s);
}
