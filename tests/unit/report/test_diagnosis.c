/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A diagnosis in each format for programs. */
#include "base/mem.h"
#include "diagnose/rules/finding.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/facts.h"
#include "host/host.h"
#include "report/diagnosis/diagnosis.h"
#include "test.h"

#include <errno.h>
#include <string.h>

static struct diagnosis d;
static char root[] = "", release[] = "6.1.102", name[] = "node-7";
static struct host host = {.root_fd = -1, .root = root, .release = release};
static struct host_facts facts;
static struct diagnosis_report report;

static int setup(void **state)
{
	(void)state;
	d = (struct diagnosis){.n_rules = 3, .seconds = 2};
	facts = (struct host_facts){.hostname = name};
	report = (struct diagnosis_report){.d = &d,
	                                   .host = &host,
	                                   .facts = &facts,
	                                   .now_s = 1700000000,
	                                   .width = 80};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	diagnosis_done(&d);
	return 0;
}

static const char *printed(void (*print)(const struct diagnosis_report *, FILE *))
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	print(&report, out);
	(void)fclose(out);
	return keep_text(text);
}

static struct finding *add(enum finding_severity s, const char *reason,
                           const char *subject, const char *text)
{
	struct finding *f = finding_add(&d, s, reason, subject);

	f->text = mem_dup(text);
	return f;
}

/* Two of one rule and subject, one of each severity, and a verdict. */
static void add_all(void)
{
	struct finding *f =
		add(FINDING_CRITICAL, "SoftLockup", "CPU 7", "was stuck <22 s>");

	f->why = mem_dup("nothing else ran");
	f->remedy = mem_dup("a && b");
	f->source = mem_dup("https://example.com/");
	f->count = 3;
	evidence_add(&f->evidence, mem_dup("watchdog: BUG: soft lockup - CPU#7"),
	             "kmsg:12");
	evidence_add(&f->evidence, mem_dup("steal 0 %"), NULL);
	(void)add(FINDING_CRITICAL, "SoftLockup", "CPU 7", "was stuck again");
	(void)add(FINDING_WARNING, "BacklogFull", "CPU \"1\"", "dropped packets");
	(void)add(FINDING_NOTE, "PsiOff", "", "pressure is not measured");
	unchecked_add(&d, "NvmeSlow", "no access");
	d.verdict = (struct verdict){.reason = mem_dup("VcpuStarvation"),
	                             .confidence = CONFIDENCE_LIKELY,
	                             .text = mem_dup("writeback starves the CPUs")};
	evidence_add(&d.verdict.evidence, mem_dup("CPU 7 in wb_workfn"), "kmsg:14");
	d.verdict.next = mem_new(2, sizeof(char *));
	d.verdict.next[0] = mem_dup("move to Linux 6.1");
	d.verdict.n_next = 1;
}

static void test_json(void **state)
{
	struct err e = {0};
	const struct node *doc, *finding;
	const char *text;

	(void)state;
	add_all();
	text = printed(report_diagnosis_json);
	doc = keep_node(node_json_parse(text, strlen(text), &e));
	assert_non_null(doc);
	finding = node_get(doc, "findings")->items[0];
	assert_string_equal(
		tree_text(finding),
		"{\"reason\": \"SoftLockup\", \"severity\": \"critical\", \"subject\": \"CPU 7\", "
		"\"message\": \"was stuck <22 s>\", \"why\": \"nothing else ran\", "
		"\"remedy\": \"a && b\", \"source\": \"https://example.com/\", \"count\": 3, "
		"\"evidence\": [{\"text\": \"watchdog: BUG: soft lockup - CPU#7\", "
		"\"where\": \"kmsg:12\"}, {\"text\": \"steal 0 %\", \"where\": null}]}");
	assert_string_equal(
		tree_text(node_get(doc, "verdict")),
		"{\"reason\": \"VcpuStarvation\", \"confidence\": \"likely\", "
		"\"message\": \"writeback starves the CPUs\", "
		"\"evidence\": [{\"text\": \"CPU 7 in wb_workfn\", \"where\": \"kmsg:14\"}], "
		"\"next\": [\"move to Linux 6.1\"]}");
	assert_string_equal(
		tree_text(node_get(doc, "summary")),
		"{\"critical\": 2, \"warning\": 1, \"note\": 1, \"not_checked\": 1}");
}

static void test_junit(void **state)
{
	const char *text;

	(void)state;
	add_all();
	text = printed(report_diagnosis_junit);
	assert_part(text, "name=\"hosttune diagnose\" hostname=\"node-7\" "
	                  "timestamp=\"2023-11-14T22:13:20\" tests=\"5\" failures=\"3\" "
	                  "errors=\"0\" skipped=\"2\"");
	assert_part(
		text,
		"<testcase time=\"0\" classname=\"diagnose\" name=\"SoftLockup CPU 7\">\n"
		"      <failure type=\"SoftLockup\" message=\"was stuck &lt;22 s&gt;\">");
	assert_part(
		text,
		"name=\"PsiOff\">\n      <skipped message=\"pressure is not measured\"/>");
	assert_part(text, "name=\"NvmeSlow\">\n      <skipped message=\"no access\"/>");
	assert_part(
		text,
		"<system-err>verdict: writeback starves the CPUs (VcpuStarvation, likely)");
	assert_null(strstr(text, "nothing found"));
}

static void test_prometheus(void **state)
{
	(void)state;
	add_all();
	assert_string_equal(
		printed(report_diagnosis_prometheus),
		"# HELP hosttune_finding 1 for each finding of the last diagnosis.\n"
		"# TYPE hosttune_finding gauge\n"
		"hosttune_finding{reason=\"SoftLockup\",severity=\"critical\",subject=\"CPU 7\"} 1\n"
		"hosttune_finding{reason=\"BacklogFull\",severity=\"warning\",subject=\"CPU \\\"1\\\"\"} 1\n"
		"hosttune_finding{reason=\"PsiOff\",severity=\"note\",subject=\"\"} 1\n"
		"# HELP hosttune_findings Findings of the last diagnosis, by severity.\n"
		"# TYPE hosttune_findings gauge\n"
		"hosttune_findings{severity=\"critical\"} 2\n"
		"hosttune_findings{severity=\"warning\"} 1\n"
		"hosttune_findings{severity=\"note\"} 1\n"
		"# HELP hosttune_verdict 1 for the verdict over all findings.\n"
		"# TYPE hosttune_verdict gauge\n"
		"hosttune_verdict{reason=\"VcpuStarvation\",confidence=\"likely\"} 1\n"
		"# HELP hosttune_diagnosis_unchecked Rules and measures that the last diagnosis could not check.\n"
		"# TYPE hosttune_diagnosis_unchecked gauge\n"
		"hosttune_diagnosis_unchecked 1\n"
		"# HELP hosttune_last_diagnosis_timestamp_seconds When the node was last diagnosed.\n"
		"# TYPE hosttune_last_diagnosis_timestamp_seconds gauge\n"
		"hosttune_last_diagnosis_timestamp_seconds 1700000000\n");
}

static void test_npd(void **state)
{
	(void)state;
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_OK);
	assert_string_equal(printed(report_diagnosis_npd), "nothing found\n");
	(void)add(FINDING_NOTE, "PsiOff", "", "pressure is not measured");
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_OK);
	assert_string_equal(printed(report_diagnosis_npd), "1 note\n");
	diagnosis_done(&d);
	d = (struct diagnosis){.n_rules = 3};
	(void)add(FINDING_WARNING, "BacklogFull", "CPU 1", "dropped packets");
	(void)add(FINDING_WARNING, "BacklogFull", "CPU 2", "dropped packets");
	(void)add(FINDING_WARNING, "BacklogFull", "CPU 3", "dropped packets");
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_PROBLEM);
	assert_string_equal(
		printed(report_diagnosis_npd),
		"3 warnings: CPU 1: dropped packets; CPU 2: dropped packets\n");
	d.verdict = (struct verdict){
		.reason = mem_dup("X"),
		.text = mem_dup("one cause for all of what was found on this "
	                        "node, which is longer than a line")};
	assert_string_equal(
		printed(report_diagnosis_npd),
		"3 warnings: one cause for all of what was found on this node, which is "
		"longer...\n");
}

/* What could not be checked is not fine. */
static void test_npd_unknown(void **state)
{
	(void)state;
	report.incomplete = "deadline exceeded";
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_UNKNOWN);
	assert_string_equal(printed(report_diagnosis_npd),
	                    "unknown: deadline exceeded\n");
	(void)add(FINDING_WARNING, "BacklogFull", "CPU 1", "dropped packets");
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_PROBLEM);
	diagnosis_done(&d);
	d = (struct diagnosis){0};
	report.incomplete = NULL;
	assert_string_equal(printed(report_diagnosis_npd),
	                    "unknown: no rule was checked\n");
	/* what the node lacks, or the user may not read, is one thing ... */
	d.n_rules = 2;
	unchecked_add_code(&d, "PsiOff", "no file", -ENOENT);
	unchecked_add_code(&d, "NvmeSlow", "no access", -EACCES);
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_OK);
	/* ... that hosttune could not look another */
	unchecked_add_code(&d, "BacklogFull", "no descriptor", -EMFILE);
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_UNKNOWN);
	assert_string_equal(printed(report_diagnosis_npd),
	                    "unknown: nothing found, 3 not checked\n");
}

static void test_html(void **state)
{
	const char *text;

	(void)state;
	add_all();
	text = printed(report_diagnosis_html);
	assert_part(text, "<title>node-7: 2 critical, 1 warning, 1 note</title>");
	assert_part(text, "CPU 7: was stuck &lt;22 s&gt;");
	assert_part(text, "fix: a &amp;&amp; b");
	assert_part(text, "Verdict: writeback starves the CPUs (VcpuStarvation, likely)");
	assert_part(text, "Next: move to Linux 6.1");
	assert_part(text, "data-state=\"not checked\"");
}

/* A log alone has no host. */
static void test_log_alone(void **state)
{
	(void)state;
	report.host = NULL;
	report.facts = NULL;
	assert_part(printed(report_diagnosis_junit), "hostname=\"localhost\"");
	assert_part(printed(report_diagnosis_junit), "name=\"nothing found\"/>");
	assert_part(printed(report_diagnosis_html),
	            "<title>diagnosis: nothing found</title>");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "json", test_json);
	suite_test(&s, "junit", test_junit);
	suite_test(&s, "prometheus", test_prometheus);
	suite_test(&s, "npd", test_npd);
	suite_test(&s, "npd: unknown", test_npd_unknown);
	suite_test(&s, "html", test_html);
	suite_test(&s, "a log alone", test_log_alone);
	return suite_run(&s);
}
