/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Paths of a profile: what is wrong with them, what they become, and captures of them. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/recorded.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <sys/stat.h>

static void make_world(void)
{
	const char *fact = keep_text(mem_format("%s/sys/a/fact", tmproot.path));

	tmproot_write("/sys/a/choice", "always [madvise] never\n");
	tmproot_write("/sys/a/fact", "7\n");
	assert_int_equal(chmod(fact, 0444), 0);
	tmproot_write("/sys/devices/d0/x", "1\n");
	tmproot_write("/sys/devices/d1/x", "2\n");
}

static struct resource *new_sysfs(const char *text)
{
	return resource_new(&kind_sysfs, text, NULL);
}

static void free_bundle(void *b)
{
	bundle_free(b);
}

/* An answer that was kept is the second one, too, whatever the files say by then. */
static void test_recorded(void **state)
{
	struct bundle *b = keep(bundle_new(), free_bundle);
	const char *first;

	(void)state;
	make_world();
	tmproot.host.record = b;
	first = resource_reported(new_sysfs("/sys/devices/*/x: 1"));
	assert_part(first, "drift LiveDiffers");
	tmproot_write("/sys/devices/d1/x", "1\n");
	assert_string_equal(resource_reported(new_sysfs("/sys/devices/*/x: 1")), first);
	assert_part(resource_reported(new_sysfs("/sys/a/fact: 8")),
	            "failed ReadOnlyFile");
	tmproot.host.record = NULL;
	assert_string_equal(resource_reported(new_sysfs("/sys/devices/*/x: 1")),
	                    "ok  now=1: ");
}

static void test_capture(void **state)
{
	struct resource *same = new_sysfs("/sys/a/choice: never"),
			*differ = new_sysfs("/sys/devices/*/x: 1"),
			*absent = new_sysfs("/sys/a/none: 1");
	struct node *map = keep_node(node_new(NODE_MAP));
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	make_world();
	resource_observe(same);
	resource_observe(differ);
	resource_observe(absent);
	assert_true(kind_sysfs.capture(same, &tmproot.host, map, diag));
	assert_true(kind_sysfs.capture(differ, &tmproot.host, map, diag));
	assert_false(kind_sysfs.capture(absent, &tmproot.host, map, diag));
	assert_string_equal(tree_text(map),
	                    "{\"/sys/a/choice\": \"madvise\", \"/sys/devices/d0/x\": 1, "
	                    "\"/sys/devices/d1/x\": 2}");
}

/* A path that the profile names in full wins over a pattern. */
static void test_named(void **state)
{
	struct resource *pattern = new_sysfs("/sys/devices/*/x: 1"),
			*path = new_sysfs("/sys/devices/d1/x: 7");
	struct resource *const list[] = {pattern, path};
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	make_world();
	kind_sysfs.check_all(list, 2, NULL, diag);
	assert_string_equal(resource_reported(pattern), "ok  now=1: ");
	assert_part(resource_reported(path), "is 2, should be 7");
	tmproot_remove("/sys/devices/d0/x");
	assert_string_equal(resource_reported(pattern),
	                    "skipped NoFileMatches now=NULL: no file matches, apart from "
	                    "those that the profile names");
}

static const struct comes_row {
	const char *name, *module;
	bool comes;
} comes_rows[] = {
	{"/sys/module/brd/parameters/x: 1", "brd", true},
	{"/sys/module/brd/parameters/x: 1", "br", false},
	{"/sys/module/brd/parameters/x: 1", "nfsd", false},
	{"/sys/module/*/parameters/x: 1", "nfsd", true},
	{"/sys/a/b: 1", "nfsd", true},
};

static void test_comes_with(void **state)
{
	const struct comes_row *row = *state;
	struct resource *module = resource_empty(&kind_module);

	mem_set(&module->name, mem_dup(row->module));
	assert_int_equal(kind_sysfs.comes_with(new_sysfs(row->name), module), row->comes);
}

static const struct bad_row {
	const char *title, *text, *faults;
} bad_rows[] = {
	{"outside", "/etc/passwd: 1",
         "1:1: sysfs \"/etc/passwd\": must begin with /sys/\n"},
	{"action", "/sys/block/sda/device/delete: 1",
         "1:1: sysfs \"/sys/block/sda/device/delete\": hosttune does not write it: it "
         "removes devices\n"},
	{"no value", "/sys/a: {optional: true}",
         "1:9: sysfs /sys/a: must have a value, or min, max or both\n"},
	{"two values", "/sys/a: {value: 1, min: 2}",
         "1:9: sysfs /sys/a: must have a value, or min, max or both\n"},
	{"unknown option", "/sys/a: {value: 1, persist: false}",
         "1:20: sysfs /sys/a: unknown key \"persist\""},
	{"bounds of a value", "/sys/a: {value: {mix: 2}}",
         "1:18: sysfs /sys/a: unknown key \"mix\""},
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct diagnostics *diag = new_diagnostics();

	(void)resource_new(&kind_sysfs, row->text, diag);
	assert_part(diagnostics_text(diag), row->faults);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "recorded answers", test_recorded);
	suite_test(&s, "capture", test_capture);
	suite_test(&s, "paths that are named", test_named);
	suite_rows(&s, comes_rows, test_comes_with);
	suite_rows(&s, bad_rows, test_bad);
	return suite_run(&s);
}
