/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/applier.h"
#include "test.h"
#include "tmproot.h"

#define RENDERED "/etc/corndog.toml"
#define WRITTEN  "/etc/sysctl.d/95-corndog.conf"

/* The files that exist before, and those written between the two looks. */
static const struct row {
	const char *name;
	const char *before[2], *between[2];
	bool exists, ran;
} rows[] = {
	{.name = "a host without the program"},
	{"older, idle", {RENDERED}, {NULL}, true, false},
	{"older, ran", {RENDERED}, {RENDERED}, true, true},
	{"newer, idle", {RENDERED, WRITTEN}, {NULL}, true, false},
	{"newer, half-way", {RENDERED, WRITTEN}, {RENDERED}, true, false},
	{"newer, ran", {RENDERED, WRITTEN}, {RENDERED, WRITTEN}, true, true},
	{"newer, ran for the first time", {RENDERED}, {RENDERED, WRITTEN}, true, true},
	{"its files are missing, then they exist", {NULL}, {RENDERED}, false, true},
};

/* Replace a file with a new one, as programs do for an atomic update. */
static void replace(const char *path)
{
	char from[128], to[128];

	tmproot_write(path, "same\n");
	tmproot_write("/new", "same\n");
	(void)snprintf(from, sizeof(from), "%s/new", tmproot.path);
	(void)snprintf(to, sizeof(to), "%s%s", tmproot.path, path);
	assert_int_equal(rename(from, to), 0);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct applier before, now;

	for (size_t i = 0; i < 2 && row->before[i]; i++)
		tmproot_write(row->before[i], "same\n");
	applier_observe(&tmproot.host, &before);
	assert_int_equal(applier_exists(&before), row->exists);
	for (size_t i = 0; i < 2 && row->between[i]; i++)
		replace(row->between[i]);
	applier_observe(&tmproot.host, &now);
	assert_int_equal(applier_ran(&before, &now), row->ran);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_row);
	return suite_run(&s);
}
