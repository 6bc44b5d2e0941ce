/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* From resources to the rows that people read. */
#include "base/text/buf.h"
#include "engine/plan.h"
#include "report/audit/rows.h"
#include "test.h"

static const struct kind module = {
	.name = "module", .section = "modules", .shape = SECTION_NAMES};
static const struct kind sysctl = {
	.name = "sysctl", .section = "sysctl", .shape = SECTION_VALUES};
static const struct kind drive = {
	.name = "filesystem", .section = "storage", .shape = SECTION_ITEMS};
static const struct kind mount = {
	.name = "mount", .section = "storage", .shape = SECTION_ITEMS};
static const struct kind server = {.name = "server",
                                   .section = "nfsd",
                                   .title = "nfsd threads",
                                   .shape = SECTION_OBJECT};
static const struct kind setting = {
	.name = "setting", .section = "settings", .shape = SECTION_TREE};

/* What a resource depends on: another of the row, by its place in it. */
#define ALONE (-1)
#define MAX   4

static const struct row_test {
	const char *name;
	struct part {
		const struct kind *kind;
		const char *name;
		enum state state;
		enum reason reason;
		int on;          /* spec.depends_on */
		int waits;       /* run.waits */
		const char *now; /* wanted is "10" */
		const char *persisted;
	} parts[MAX];
	const char *expected; /* "group what live>wanted +with", one line each */
} tests[] = {
	{"groups, the most serious first",
         {{&sysctl, "a", STATE_OK, REASON_NONE, ALONE, ALONE, "10", NULL},
          {&sysctl, "b", STATE_DRIFT, REASON_LIVE_DIFFERS, ALONE, ALONE, "60", NULL},
          {&sysctl, "c", STATE_FAILED, REASON_NO_SUCH_KEY, ALONE, ALONE, NULL, NULL},
          {&module, "d", STATE_REFUSED, REASON_FAILED, ALONE, ALONE, NULL, NULL}},
         "refused module d\nfailed c\ndiffers b 60>10\nin sync a 10>10\n"},
	{"a missing drive is one row",
         {{&drive, "data", STATE_SKIPPED, REASON_NO_DISKS, ALONE, ALONE, NULL, NULL},
          {&mount, "data", STATE_SKIPPED, REASON_NO_DISKS, 0, ALONE, NULL, NULL}},
         "not applicable storage data +1\n"},
	{"what waits for a drive that differs",
         {{&drive, "data", STATE_DRIFT, REASON_NOT_FORMATTED, ALONE, ALONE, "blank",
           NULL},
          {&mount, "data", STATE_PENDING, REASON_WAITS, 0, 0, NULL, NULL}},
         "differs storage data blank>10 +1\n"},
	{"what waits at the second remove",
         {{&drive, "data", STATE_REFUSED, REASON_DISK_REFUSED, ALONE, ALONE, NULL, NULL},
          {&mount, "data", STATE_PENDING, REASON_WAITS, 0, ALONE, NULL, NULL},
          {&mount, "more", STATE_PENDING, REASON_WAITS, 1, ALONE, NULL, NULL}},
         "refused storage data +2\n"},
	{"what waits for a module of another section",
         {{&module, "nfsd", STATE_DRIFT, REASON_NOT_LOADED, ALONE, ALONE, NULL, NULL},
          {&server, "nfsd", STATE_PENDING, REASON_WAITS, ALONE, 0, NULL, NULL}},
         "differs module nfsd absent>10 +1\n"},
	{"a cause that was fixed explains nothing",
         {{&drive, "data", STATE_CHANGED, REASON_APPLIED, ALONE, ALONE, NULL, NULL},
          {&mount, "data", STATE_PENDING, REASON_WAITS, 0, 0, NULL, NULL}},
         "pending mount data\nchanged storage data\n"},
	{"a dependent with its own fault",
         {{&drive, "data", STATE_OK, REASON_NONE, ALONE, ALONE, "xfs", NULL},
          {&mount, "data", STATE_REFUSED, REASON_TARGET_IN_USE, 0, ALONE, NULL, NULL}},
         "refused mount data\nin sync storage data xfs>10\n"},
	{"a condition of an item is one row",
         {{&drive, "data", STATE_SKIPPED, REASON_CONDITION_FALSE, ALONE, ALONE, NULL,
           NULL},
          {&mount, "data", STATE_SKIPPED, REASON_CONDITION_FALSE, 0, ALONE, NULL, NULL}},
         "not applicable storage data +1\n"},
	{"a condition of two sysctls is two",
         {{&sysctl, "a", STATE_SKIPPED, REASON_CONDITION_FALSE, ALONE, ALONE, NULL, NULL},
          {&sysctl, "b", STATE_SKIPPED, REASON_CONDITION_FALSE, ALONE, ALONE, NULL,
           NULL}},
         "not applicable a\nnot applicable b\n"},
	{"a warning",
         {{&server, "nfsd", STATE_OK, REASON_BINDS_DIFFER, ALONE, ALONE, "10", NULL}},
         "warning nfsd threads\n"},
	{"what the API says is no warning of each",
         {{&sysctl, "a", STATE_OK, REASON_API_UNREACHABLE, ALONE, ALONE, "10", NULL}},
         "in sync a 10>10\n"},
	{"in effect, but not stored",
         {{&sysctl, "a", STATE_DRIFT, REASON_NOT_PERSISTED, ALONE, ALONE, "10", NULL},
          {&setting, "s", STATE_DRIFT, REASON_NOT_SET, ALONE, ALONE, NULL, NULL}},
         "differs a (persisted) not set>10\ndiffers s not set>10\n"},
	{"stored, but not what it needs",
         {{&sysctl, "a", STATE_DRIFT, REASON_NOT_PERSISTED, ALONE, ALONE, "10", "10"},
          {&sysctl, "b", STATE_DRIFT, REASON_PERSISTED_DIFFERS, ALONE, ALONE, "10", "7"}},
         "differs a\ndiffers b (persisted) 7>10\n"},
};

static struct resource made[MAX], *list[MAX];
static struct rows rows;

static int teardown(void **state)
{
	(void)state;
	rows_done(&rows);
	return 0;
}

static struct plan plan_of(const struct row_test *t)
{
	struct plan p = {.resources = list};

	memset(made, 0, sizeof(made));
	for (; p.n < MAX && t->parts[p.n].kind; p.n++) {
		const struct part *part = &t->parts[p.n];
		struct resource *r = list[p.n] = &made[p.n];

		r->kind = part->kind;
		r->name = (char *)(uintptr_t)part->name;
		r->spec.want = (char *)(uintptr_t) "10";
		r->spec.at.file = "profile.yaml";
		r->spec.depends_on = part->on == ALONE ? NULL : &made[part->on];
		r->seen.now = (char *)(uintptr_t)part->now;
		r->seen.persisted = (char *)(uintptr_t)part->persisted;
		r->run.waits = part->waits == ALONE ? NULL : &made[part->waits];
		r->run.change.state = part->state;
		r->run.change.reason = part->reason;
	}
	return p;
}

static void test_rows(void **state)
{
	const struct row_test *t = *state;
	const struct plan p = plan_of(t);
	struct buf b = {0};
	size_t counted = 0;

	rows_make(&p, NULL, NULL, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		const struct row *row = &rows.list[i];
		const struct difference *d = row->parts.list;

		buf_addf(&b, "%s %s", rows_heading(row->group), row->what);
		if (row->parts.n > 0)
			buf_addf(&b, "%s %s>%s", d->part ? d->part : "", d->live,
			         d->wanted);
		if (row->n_with > 0)
			buf_addf(&b, " +%zu", row->n_with);
		buf_add(&b, "\n");
	}
	assert_string_equal(keep_text(buf_take(&b)), t->expected);
	for (enum row_group g = 0; g < ROW_GROUPS; g++)
		counted += rows.counts[g];
	assert_int_equal(counted, p.n);
	assert_int_equal(rows.applicable + rows.counts[ROWS_SKIPPED], p.n);
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_rows(&s, tests, test_rows);
	return suite_run(&s);
}
