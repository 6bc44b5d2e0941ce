/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "engine/persist/persist.h"
#include "fake.h"
#include "report/audit/audit.h"
#include "report/watch/watch.h"
#include "test.h"
#include "watch/counters.h"
#include "watch/watch.h"

static char *text;
static size_t len;

static FILE *open_text(void)
{
	return open_memstream(&text, &len);
}

static const char *taken(FILE *out)
{
	(void)fclose(out);
	return keep_text(text);
}

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static const struct part parts[] = {
	{PART("a", KEEP, "1", "1")},
	{PART("b\"\\\n\xff\u00e9", KEEP, "1", "2")},
	{PART("c", ONCE, "1", "2"), .fault = UNREADABLE},
	{0},
};

static size_t times(const char *all, const char *part)
{
	size_t n = 0;

	for (const char *p = all; (p = strstr(p, part)); p += strlen(part))
		n++;
	return n;
}

/* HELP and TYPE come once per metric, before its first sample. */
static void check_families(const char *all)
{
	for (const char *p = all; (p = strstr(p, "# TYPE ")); p++) {
		_free_ char *name = mem_dup_n(p + 7, strcspn(p + 7, " "));
		_free_ char *help = mem_format("# HELP %s ", name);
		_free_ char *type = mem_format("# TYPE %s ", name);
		_free_ char *sample = mem_format("\n%s ", name);
		_free_ char *labelled = mem_format("\n%s{", name);
		const char *first = strstr(all, sample);

		assert_int_equal(times(all, help), 1);
		assert_int_equal(times(all, type), 1);
		assert_true(strstr(all, help) < p);
		assert_true((first ? first : strstr(all, labelled)) > p);
	}
}

static const char *of_audit(enum persist_state api, bool needed)
{
	struct persist persist = {.state = api, .needed = needed};
	struct report r = {.profile = &fake_profile,
	                   .plan = &fake_plan,
	                   .persist = &persist,
	                   .now_s = 1700000000};
	FILE *out = open_text();

	report_prometheus(&r, out);
	return taken(out);
}

static void test_audit(void **state)
{
	const char *all;

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	all = of_audit(PERSIST_ABSENT, false);
	check_families(all);
	assert_part(
		all,
		"\nhosttune_resource_drift{kind=\"keep\",name=\"a\",state=\"ok\"} 0\n");
	assert_part(all, "name=\"b\\\"\\\\\\n\\\\xff\u00e9\",state=\"drift\"} 1\n");
	assert_part(all, "name=\"c\",state=\"failed\"} 1\n");
	assert_part(all, "\nhosttune_resources{state=\"ok\"} 1\n");
	assert_part(all, "\nhosttune_resources{state=\"refused\"} 0\n");
	assert_part(all, "\nhosttune_in_sync 0\n");
	assert_part(all, "\nhosttune_last_audit_timestamp_seconds 1700000000\n");
	assert_null(strstr(all, "api_up"));
	assert_part(of_audit(PERSIST_OK, true), "\nhosttune_api_up 1\n");
	assert_part(of_audit(PERSIST_UNREACHABLE, false), "\nhosttune_api_up 0\n");
}

static void test_nothing(void **state)
{
	const char *all;

	(void)state;
	fake_make(parts + 3);
	plan_observe(&fake_plan, &fake_host);
	all = of_audit(PERSIST_UNUSED, false);
	check_families(all);
	assert_null(strstr(all, "resource_drift"));
	assert_part(all, "\nhosttune_in_sync 1\n");
}

/* All resources are in sync; what is persisted may not be. */
static void test_api(void **state)
{
	static const struct {
		enum persist_state state;
		bool needed;
		const char *in_sync, *api_up; /* NULL: the metric is not there */
	} rows[] = {
		{PERSIST_UNUSED, true, "1", NULL},
		{PERSIST_ABSENT, false, "1", NULL},
		{PERSIST_ABSENT, true, "0", "0"},
		{PERSIST_OK, true, "1", "1"},
		{PERSIST_LOCKED, false, "1", "0"},
		{PERSIST_LOCKED, true, "0", "0"},
		{PERSIST_UNREACHABLE, false, "0", "0"},
		{PERSIST_REFUSED, false, "0", "0"},
	};

	(void)state;
	fake_make(parts + 3);
	plan_observe(&fake_plan, &fake_host);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *all = of_audit(rows[i].state, rows[i].needed);
		_free_ char *in_sync =
			mem_format("\nhosttune_in_sync %s\n", rows[i].in_sync);
		_free_ char *up = mem_format("\nhosttune_api_up %s\n",
		                             rows[i].api_up ? rows[i].api_up : "");

		check_families(all);
		assert_part(all, in_sync);
		if (rows[i].api_up)
			assert_part(all, up);
		else
			assert_null(strstr(all, "api_up"));
	}
}

static const char *of_watch(const struct watch *w, const struct watch_counters *f)
{
	FILE *out = open_text();

	report_prometheus_watch(w, f, out);
	return taken(out);
}

static void test_watch(void **state)
{
	struct enforced_namespace places[] = {
		{.ns = {.ino = 4026531840}, .threads = 8},
		{.ns = {.ino = 4026532211}, .threads = 0},
		{.ns = {.ino = 4026532300}, .threads = 64},
	};
	struct softnet_cpu cpus[] = {{0, 10, 1, 2}, {3, 4294967295, 0, 0}};
	struct watch_counters figures = {
		.softnet = {.list = cpus, .n = 2},
		.nfsd = {.has_rpc = true, .calls = 7, .has_pools = true, .enqueued = 5}};
	struct watch w = {.enforcement = {.wanted = 8,
	                                  .places = {.list = places, .n = 3},
	                                  .threads = 75,
	                                  .unreached = 3,
	                                  .enforced = 2,
	                                  .failed = 1}};
	const char *all;

	(void)state;
	fake_make(parts);
	w.remediation =
		(struct remediation){.profile = &fake_profile, .audits = 3, .failed = 1};
	/* before the first audit, resources have no samples */
	all = of_watch(&w, &figures);
	check_families(all);
	assert_null(strstr(all, "in_sync"));
	assert_part(all, "\nhosttune_nfsd_threads{netns=\"4026531840\"} 8\n"
	                 "hosttune_nfsd_threads{netns=\"4026532300\"} 64\n");
	assert_null(strstr(all, "4026532211"));
	assert_part(all, "\nhosttune_nfsd_threads_wanted 8\n");
	assert_part(all, "\nhosttune_nfsd_threads_node 75\n");
	assert_part(all, "\nhosttune_nfsd_threads_unreached 3\n");
	assert_part(all, "\nhosttune_nfsd_pins_total 2\n");
	assert_part(all, "\nhosttune_audits_total{result=\"done\"} 2\n");
	assert_part(all, "\nhosttune_softnet_processed_total{cpu=\"3\"} 4294967295\n");
	assert_part(all, "\nhosttune_softnet_times_squeezed_total{cpu=\"0\"} 2\n");

	assert_part(all, "\nhosttune_nfsd_rpc_calls_total 7\n");
	assert_part(all, "\nhosttune_nfsd_pool_sockets_enqueued_total 5\n");

	/* a count that cannot be read is not 0 */
	w.enforcement.uncounted = true;
	all = of_watch(&w, &figures);
	check_families(all);
	assert_null(strstr(all, "nfsd_threads_node"));

	w.remediation.n = 3;
	w.remediation.states = (enum state[]){STATE_OK, STATE_CHANGED, STATE_SKIPPED};
	w.remediation.waived = (bool[]){false, false, false};
	w.remediation.counts[STATE_OK] = w.remediation.counts[STATE_CHANGED] = 1;
	w.remediation.counts[STATE_SKIPPED] = 1;
	w.remediation.known = true;
	all = of_watch(&w, &(struct watch_counters){0});
	check_families(all);
	assert_part(all, "\nhosttune_in_sync 1\n");
	assert_part(all, "state=\"changed\"} 0\n");
	assert_null(strstr(all, "softnet"));
	assert_null(strstr(all, "nfsd_rpc"));
	assert_null(strstr(all, "pool"));

	/* waived: neither drift nor out of sync */
	w.remediation.states[1] = STATE_DRIFT;
	w.remediation.waived[1] = true;
	w.remediation.counts[STATE_CHANGED] = 0;
	w.remediation.n_waived = 1;
	all = of_watch(&w, &(struct watch_counters){0});
	check_families(all);
	assert_part(all, "state=\"drift\"} 0\n");
	assert_part(all, "\nhosttune_resources_waived 1\n");
	assert_part(all, "\nhosttune_in_sync 1\n");

	w.remediation.api = PERSIST_ABSENT;
	w.remediation.api_failed = true;
	all = of_watch(&w, &(struct watch_counters){0});
	check_families(all);
	assert_part(all, "\nhosttune_in_sync 0\n");
	assert_part(all, "\nhosttune_api_up 0\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "an audit", test_audit);
	suite_test(&s, "a profile without resources", test_nothing);
	suite_test(&s, "the API", test_api);
	suite_test(&s, "a watch", test_watch);
	return suite_run(&s);
}
