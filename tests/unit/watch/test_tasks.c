/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/clock.h"
#include "test.h"
#include "watch/tasks.h"

static struct host_child *const running = (struct host_child *)8; /* never used */

/* Times are in seconds from now. The limit for an audit is 2 * 300 + 100 + 60 s. */
static const struct row {
	const char *name;
	int64_t scan_due, audited;
	unsigned audit_interval, deadline;
	bool failing, job;
	const char *fault;
} rows[] = {
	{"at the start", 5, 0, 300, 100, false, false, NULL},
	{"a look is due", -30, 0, 300, 100, false, false, NULL},
	{"a look is late", -70, 0, 300, 100, false, false,
         "did not look for NFS servers for 75 s"},
	{"a look failed", 5, 0, 300, 100, true, false,
         "cannot look for NFS servers: see the log"},
	{"an audit is due", 5, -320, 300, 100, false, false, NULL},
	{"an audit takes all its time", 5, -750, 300, 100, false, true, NULL},
	{"no audit ends", 5, -770, 300, 100, false, false, "no audit ended for 770 s"},
	{"no audit ends, and one runs", 5, -770, 300, 100, false, true,
         "no audit ended for 770 s"},
	{"no deadline, and an audit runs", 5, -90000, 300, 0, false, true, NULL},
	{"no deadline, and none runs", 5, -90000, 300, 0, false, false,
         "no audit ended for 90000 s"},
	{"no audits", 5, -90000, 0, 100, false, false, NULL},
};

static void test_fault(void **state)
{
	const struct row *row = *state;
	struct watch_options o = {.interval_s = 5,
	                          .audit_interval_s = row->audit_interval,
	                          .deadline_s = row->deadline};
	int64_t now = clock_now_ms();
	struct loop l = {.o = &o,
	                 .scan_ms = now + row->scan_due * 1000,
	                 .audited_ms = now + row->audited * 1000};

	l.w.failing = row->failing;
	l.w.remediation.job = row->job ? running : NULL;
	assert_text(keep_text(tasks_unhealthy(&l)), row->fault);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_fault);
	return suite_run(&s);
}
