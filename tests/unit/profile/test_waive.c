/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/date.h"
#include "base/text/buf.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/waive.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

static struct profile profile;
static const struct facts no_facts = {.unknown = true};

static int setup(void **state)
{
	(void)tmproot_setup(state);
	assert_return_code(chdir(tmproot.path), errno);
	return 0;
}

static int teardown(void **state)
{
	profile_done(&profile);
	assert_return_code(chdir("/"), errno);
	return tmproot_teardown(state);
}

#define HEAD                                                                              \
	"version: 1\nmodules: [tcp_bbr]\nsysctl: {vm.swappiness: 10, vm.dirty_ratio: 5, " \
	"net.core.somaxconn: 8192}\n"

/* Load one or two files, and return what was reported. */
static const char *load(const char *one, const char *two)
{
	const char *const names[] = {"one.yaml", "two.yaml"};
	struct diagnostics *diag = new_diagnostics();
	struct buf b = {0};

	tmproot_write("one.yaml", one);
	if (two)
		tmproot_write("two.yaml", two);
	(void)profile_load(&profile, names, two ? 2 : 1, NULL, &no_facts, diag);
	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity != SEVERITY_NOTE)
			buf_addf(&b, "%s\n", diag->list[i].text);
	return b.text ? keep_text(buf_take(&b)) : "";
}

/* "vm.swappiness 2999-01-01;" for each resource with a waiver */
static const char *covered(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < profile.n; i++) {
		const struct resource *r = profile.resources[i];

		if (r->spec.waiver)
			buf_addf(&b, "%s %s;", r->name, r->spec.waiver->until);
	}
	return b.text ? keep_text(buf_take(&b)) : "";
}

static const struct row {
	const char *name, *one, *two, *covered;
} rows[] = {
	{"one resource",
         HEAD "waive: [{resource: sysctl vm.swappiness, reason: x, until: 2999-01-01}]\n",
         NULL, "vm.swappiness 2999-01-01;"},
	{"none", HEAD "waive: []\n", NULL, ""},
	{"a pattern, whose * also stands for dots",
         HEAD
         "waive: [{resource: \"sysctl net.c?r*conn\", reason: x, until: 2999-01-01}]\n",
         NULL, "net.core.somaxconn 2999-01-01;"},
	{"all of a kind, and nothing of another",
         HEAD "waive: [{resource: \"module *\", reason: x, until: 2999-01-01}]\n", NULL,
         "tcp_bbr 2999-01-01;"},
	{"another spelling of the kind's names",
         HEAD "waive:\n  - {resource: module tcp-bbr, reason: x, until: 2999-01-01}\n"
              "  - {resource: sysctl   vm/swappiness, reason: x, until: 2999-01-02}\n",
         NULL, "tcp_bbr 2999-01-01;vm.swappiness 2999-01-02;"},
	{"of two, the one that lasts longer",
         HEAD "waive:\n  - {resource: \"sysctl vm.*\", reason: x, until: 2999-01-02}\n"
              "  - {resource: sysctl vm.swappiness, reason: x, until: 2999-01-01}\n"
              "  - {resource: sysctl vm.dirty_ratio, reason: x, until: 2999-01-03}\n",
         NULL, "vm.swappiness 2999-01-02;vm.dirty_ratio 2999-01-03;"},
	{"a later file adds its own, and replaces that of the same resource",
         HEAD
         "waive:\n  - {resource: sysctl vm.swappiness, reason: x, until: 2999-01-01}\n"
         "  - {resource: module tcp_bbr, reason: x, until: 2999-01-01}\n",
         "version: 1\nwaive:\n  - {resource: sysctl vm.dirty_ratio, reason: y, until: "
         "2999-01-02}\n  - {resource: module tcp-bbr, reason: y, until: 2998-01-01}\n",
         "tcp_bbr 2998-01-01;vm.swappiness 2999-01-01;vm.dirty_ratio 2999-01-02;"},
	{"a reason that looks like a formula",
         HEAD "waive: [{resource: sysctl vm.swappiness, reason: \"= x\", until: "
              "2999-01-01}]\n",
         NULL, "vm.swappiness 2999-01-01;"},
};

static void test_covered(void **state)
{
	const struct row *row = *state;

	assert_string_equal(load(row->one, row->two), "");
	assert_string_equal(covered(), row->covered);
}

/* The last day counts as a whole, in UTC. */
static void test_last_day(void **state)
{
	const struct waiver *w;
	int64_t day;

	(void)state;
	(void)load(HEAD "waive: [{resource: sysctl vm.swappiness, reason: x, until: "
	                "2999-03-31}]\n",
	           NULL);
	w = waive_of(profile.resources[profile.n]);
	assert_int_equal(profile.n_waivers, 1);
	assert_int_equal(date_parse("2999-03-31", &day), 0);
	assert_true(waive_in_force(w, 0));
	assert_true(waive_in_force(w, day));
	assert_true(waive_in_force(w, day + DATE_SECONDS - 1));
	assert_false(waive_in_force(w, day + DATE_SECONDS));
	assert_false(waive_in_force(w, INT64_MAX));
}

/* Those that end on one day stay in the order of the profile, where the last one counts.
 */
static void test_one_day(void **state)
{
	static const char *const names[] = {"vm.swappiness", "tcp_bbr", "vm.dirty_ratio",
	                                    "net.core.somaxconn"};
	const struct resource *r;

	(void)state;
	(void)load(
		HEAD
		"waive:\n"
		"  - {resource: sysctl vm.swappiness, reason: x, until: 2999-03-31}\n"
		"  - {resource: module tcp_bbr, reason: x, until: 2999-03-31}\n"
		"  - {resource: sysctl vm.dirty_ratio, reason: x, until: 2999-03-31}\n"
		"  - {resource: \"sysctl vm.*\", reason: last, until: 2999-03-31}\n"
		"  - {resource: sysctl net.core.somaxconn, reason: x, until: 2998-03-31}\n",
		NULL);
	assert_int_equal(profile.n_waivers, 5);
	for (size_t i = 0; i < profile.n_waivers; i++) {
		r = profile.resources[profile.n + i];
		assert_part(r->name, i == 0 ? names[3] : i == 4 ? "vm.*" : names[i - 1]);
	}
	for (size_t i = 0; i < profile.n; i++)
		if (strncmp(profile.resources[i]->name, "vm.", 3) == 0)
			assert_string_equal(profile.resources[i]->spec.waiver->reason,
			                    "last");
}

static void test_sorted(void **state)
{
	(void)state;
	(void)load(HEAD "waive:\n  - {resource: sysctl vm.swappiness, reason: x, until: "
	                "2999-03-31}\n  - {resource: sysctl vm.dirty_ratio, reason: x, "
	                "until: 2998-03-31}\n",
	           NULL);
	assert_int_equal(profile.n_waivers, 2);
	assert_string_equal(profile.resources[profile.n]->name, "sysctl vm.dirty_ratio");
	assert_string_equal(profile.resources[profile.n + 1]->name,
	                    "sysctl vm.swappiness");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_covered);
	suite_test(&s, "the last day", test_last_day);
	suite_test(&s, "sorted by the last day", test_sorted);
	suite_test(&s, "one last day", test_one_day);
	return suite_run(&s);
}
