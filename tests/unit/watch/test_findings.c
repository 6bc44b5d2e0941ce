/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Diagnoses of the watch, on a captured root: what is new, what is gone, what is counted.
 */
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "host/process/child.h"
#include "report/diagnosis/counts.h"
#include "report/diagnosis/diagnosis.h"
#include "test.h"
#include "tmproot.h"
#include "watch/findings.h"

#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SOON_MS 20000

static struct buf logged;
static struct findings findings;

static void line(const struct log *t, enum log_level level, const char *text)
{
	(void)t;
	buf_addf(&logged, "%d %s;", (int)level, text);
}

static const struct log test_log = {.line = line, .most = LOG_DETAIL};

static int setup(void **state)
{
	int r = tmproot_setup(state);

	findings_init(&findings, &tmproot.host, &test_log);
	return r;
}

static int teardown(void **state)
{
	findings_done(&findings);
	buf_done(&logged);
	return tmproot_teardown(state);
}

static const char *reported(void)
{
	char *text = buf_take(&logged);

	logged = (struct buf){0};
	return keep_text(text);
}

static int finish(void)
{
	struct pollfd fd = {.fd = host_child_fd(findings.job), .events = POLLIN};
	struct err e = {0};

	assert_int_equal(poll(&fd, 1, SOON_MS), 1);
	return findings_finish(&findings, &e);
}

static int diagnose_once(void)
{
	struct err e = {0};

	assert_int_equal(findings_start(&findings, &e), 0);
	/* started once, even if requested again */
	assert_int_equal(findings_start(&findings, &e), 0);
	return finish();
}

static const struct finding *find(const char *reason)
{
	for (size_t i = 0; i < findings.last.n; i++)
		if (strcmp(findings.last.findings[i].reason, reason) == 0)
			return &findings.last.findings[i];
	return NULL;
}

static void test_comes_and_goes(void **state)
{
	const struct finding *old;

	(void)state;
	tmproot.host.kernel = num_version("5.15.1");
	assert_int_equal(diagnose_once(), 0);
	assert_true(findings.known);
	old = find("KernelOld");
	assert_non_null(old);
	assert_int_equal(old->severity, FINDING_WARNING);
	assert_string_equal(old->subject, "");
	assert_part(old->text, "the kernel is 5.15");
	assert_part(reported(), "found KernelOld: the kernel is 5.15");
	/* what could not be read of this root is not fine */
	assert_true(findings.last.n_unchecked > 0);
	assert_false(findings.last.unread);

	assert_int_equal(diagnose_once(), 0);
	assert_string_equal(reported(), "");

	tmproot.host.kernel = num_version("6.12.1");
	assert_int_equal(diagnose_once(), 0);
	assert_null(find("KernelOld"));
	assert_part(reported(), "no longer found: KernelOld: the kernel is 5.15");
	assert_int_equal(findings.diagnoses, 3);
	assert_int_equal(findings.failed, 0);
}

/* As many descriptors as starting the child takes; it then has one for all that it reads.
 */
static rlim_t few_descriptors(void)
{
	int next = dup(STDIN_FILENO);

	(void)close(next);
	return (rlim_t)next + 2;
}

/* What hosttune itself could not read is passed on as such, with the number of all. */
static void test_unread(void **state)
{
	struct diagnosis_report report = {.d = &findings.last};
	struct rlimit before, few;
	_free_ char *counts = NULL;
	struct err e = {0};

	(void)state;
	tmproot.host.kernel = num_version("6.12.1");
	assert_int_equal(diagnose_once(), 0);
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){few_descriptors(), before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(findings_start(&findings, &e), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(finish(), 0);
	assert_true(findings.last.unread);
	counts = diagnosis_counts(&findings.last);
	assert_part(counts, " not checked");
	assert_int_equal(report_diagnosis_npd_status(&report), NPD_UNKNOWN);
}

/* One that is killed counts as failed, and what was found before stays. */
static void test_killed(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot.host.kernel = num_version("5.15.1");
	assert_int_equal(diagnose_once(), 0);
	(void)reported();
	assert_int_equal(findings_start(&findings, &e), 0);
	if (findings_finish(&findings, &e) < 0) {
		assert_part(e.text, "diagnosis: ");
		assert_int_equal(findings.failed, 1);
	}
	assert_non_null(find("KernelOld"));
	assert_int_equal(findings.diagnoses, 2);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "comes and goes", test_comes_and_goes);
	suite_test(&s, "unread", test_unread);
	suite_test(&s, "killed", test_killed);
	return suite_run(&s);
}
