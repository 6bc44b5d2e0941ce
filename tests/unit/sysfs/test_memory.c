/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The section "memory" on files of a captured tree. */
#include "base/mem.h"
#include "doc/node.h"
#include "resource.h"
#include "resource/kinds.h"
#include "sysfs/memory.h"
#include "test.h"
#include "tmproot.h"

#define THP   MEMORY_DIR "transparent_hugepage/"
#define PAGES MEMORY_DIR "hugepages/"

static struct resource *new_memory(const struct kind *kind, const char *text)
{
	return resource_new(kind, keep_text(mem_format("memory: {%s}", text)), NULL);
}

static void make_memory(void)
{
	tmproot_write(THP "enabled", "[always] madvise never\n");
	tmproot_write(THP "defrag", "always defer defer+madvise [madvise] never\n");
	tmproot_write(PAGES "hugepages-2048kB/nr_hugepages", "0\n");
	tmproot_write(PAGES "hugepages-1048576kB/nr_hugepages", "4\n");
	tmproot_write(MEMORY_DIR "ksm/run", "1\n");
}

static const struct state_row {
	const char *text;
	const struct kind *kind;
	const char *want, *reported;
} state_rows[] = {
	{"thp: always", &kind_thp, "always", "ok  now=always: "},
	{"thp: madvise, thp-defrag: defer+madvise", &kind_thp,
         "madvise, defrag defer+madvise",
         "drift LiveDiffers now=always, defrag madvise: " THP
         "enabled is always, should be madvise; " THP
         "defrag is madvise, should be defer+madvise"},
	{"thp-shmem: advise", &kind_thp, "advise",
         "failed NoSuchFile now=NULL: this node has no " THP "shmem_enabled"},
	{"thp-shmem: advise, optional: true", &kind_thp, "advise",
         "skipped NotSupported now=NULL: this node has no " THP
         "shmem_enabled, which is optional"},
	{"thp-shmem: never", &kind_thp, "never",
         "skipped NotSupported now=NULL: this node has no " THP
         "shmem_enabled, so there is nothing to turn off"},
	{"thp: always, thp-shmem: never", &kind_thp, "always, shmem never",
         "ok  now=always: "},
	{"hugepages: {2MiB: 512}", &kind_hugepages, "512",
         "drift LiveDiffers now=0: " PAGES
         "hugepages-2048kB/nr_hugepages is 0, should be 512"},
	{"hugepages: {2MiB: 0, 1GiB: {min: 2}}", &kind_hugepages, "2MiB 0, 1GiB >=2",
         "ok  now=2MiB 0, 1GiB 4: "},
	{"hugepages: {16GiB: 1}", &kind_hugepages, "1",
         "failed NoSuchFile now=NULL: this node has no " PAGES
         "hugepages-16777216kB/nr_hugepages"},
	{"hugepages: {16GiB: 0}", &kind_hugepages, "0",
         "skipped NotSupported now=NULL: this node has no " PAGES
         "hugepages-16777216kB/nr_hugepages, so there is nothing to turn off"},
	{"ksm: true", &kind_ksm, "1", "ok  now=1: "},
	{"ksm: false", &kind_ksm, "0",
         "drift LiveDiffers now=1: " MEMORY_DIR "ksm/run is 1, should be 0"},
};

static void test_states(void **state)
{
	const struct state_row *row = *state;
	struct resource *r = new_memory(row->kind, row->text);

	make_memory();
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(r->spec.want, row->want);
}

static void test_unmerged(void **state)
{
	(void)state;
	tmproot_write(MEMORY_DIR "ksm/run", "2\n");
	assert_string_equal(resource_reported(new_memory(&kind_ksm, "ksm: false")),
	                    "ok  now=2: ");
	assert_part(resource_reported(new_memory(&kind_ksm, "ksm: true")),
	            "is 2, should be 1");
}

/* Without its keys, a kind has nothing to manage. */
static void test_no_keys(void **state)
{
	static const struct kind *const all[] = {&kind_thp, &kind_hugepages, &kind_ksm};
	struct diagnostics *diag = new_diagnostics();
	const struct node *n = yaml("memory: {optional: true}")->items[0];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		assert_false(all[i]->parse(resource_empty(all[i]), n, diag));
	assert_false(kind_hugepages.parse(resource_empty(&kind_hugepages),
	                                  yaml("memory: {hugepages: {}}")->items[0],
	                                  diag));
	assert_int_equal(diag->n, 0);
}

/* A file of a captured tree takes any number: the kernel's is written behind its back. */
static void test_short(void **state)
{
	struct resource *r =
		new_memory(&kind_hugepages, "hugepages: {2MiB: 512, 1GiB: 4}");
	struct err e;

	(void)state;
	make_memory();
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(PAGES "hugepages-2048kB/nr_hugepages"), "512\n");
	tmproot_write(PAGES "hugepages-2048kB/nr_hugepages", "300\n");
	assert_string_equal(resource_reported(r),
	                    "failed HugepagesShort now=2MiB 300, 1GiB 4: " PAGES
	                    "hugepages-2048kB/nr_hugepages: asked for 512, the kernel "
	                    "found memory for 300");
	assert_part(r->run.change.remedy, "settings.boot.kernel-parameters");
	assert_int_equal(kind_hugepages.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(PAGES "hugepages-2048kB/nr_hugepages"), "0\n");
	/* more than asked for is another matter */
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	tmproot_write(PAGES "hugepages-2048kB/nr_hugepages", "513\n");
	assert_part(resource_reported(r), "failed NotKept");
}

static const struct persist_row {
	const char *title, *live, *stored;
} persist_rows[] = {
	{"no such setting", "{kernel: {sysctl: {}}}", "{}"},
	{"no setting at all", "{}", "{}"},
	{"another size", "{kernel: {hugepages: {static: {1G: {count: 1}}}}}", "{}"},
	{"of transparent ones", "{kernel: {hugepages: {transparent: {enabled: always}}}}",
         "{}"},
	{"no mapping", "{kernel: {hugepages: {static: {2M: 5}}}}", "{}"},
	{"the size, as the server spells it",
         "{kernel: {hugepages: {static: {2M: {count: 1}, essential: true}}}}",
         "{\"kernel\": {\"hugepages\": {\"static\": {\"2M\": {\"count\": 512}}}}}"},
	{"another spelling",
         "{kernel: {hugepages: {static: {hugepages-2048kB: {count: 1}}}}}",
         "{\"kernel\": {\"hugepages\": {\"static\": {\"hugepages-2048kB\": {\"count\": "
         "512}}}}}"},
};

/* Only what the settings of the node have already is stored. */
static void test_persist(void **state)
{
	const struct persist_row *row = *state;
	struct resource *r = new_memory(&kind_hugepages, "hugepages: {2MiB: 512}");
	struct node *wanted = keep_node(node_new(NODE_MAP));

	make_memory();
	resource_observe(r);
	kind_hugepages.persist(r, yaml(row->live), wanted);
	assert_string_equal(tree_text(wanted), row->stored);
}

static void test_columns(void **state)
{
	struct resource *r = new_memory(&kind_thp, "thp: madvise, thp-defrag: never");
	struct differences d = {0};

	(void)state;
	make_memory();
	resource_observe(r);
	r->kind->differences(r, &d);
	assert_int_equal(d.n, 2);
	assert_null(d.list[0].part);
	assert_string_equal(d.list[0].live, "always");
	assert_string_equal(d.list[0].wanted, "madvise");
	assert_string_equal(d.list[1].part, "-defrag");
	differences_done(&d);
}

static void test_capture(void **state)
{
	static const struct {
		const struct kind *kind;
		const char *text;
	} all[] = {{&kind_thp, "thp: never, thp-defrag: never"},
	           {&kind_hugepages, "hugepages: {2MiB: 1, 1GiB: 1}"},
	           {&kind_ksm, "ksm: false"}};
	struct node *map = keep_node(node_new(NODE_MAP));
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	make_memory();
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct resource *r = new_memory(all[i].kind, all[i].text);

		resource_observe(r);
		assert_true(r->kind->capture(r, &tmproot.host, map, diag));
	}
	assert_string_equal(tree_text(map),
	                    "{\"thp\": \"always\", \"thp-defrag\": \"madvise\", "
	                    "\"hugepages\": {\"2MiB\": 0, \"1GiB\": 4}, \"ksm\": true}");
}

static const struct bad_row {
	const char *text;
	const struct kind *kind;
	const char *fault;
} bad_rows[] = {
	{"thp: sometimes", &kind_thp, "thp \"sometimes\": unknown"},
	{"thp: [always]", &kind_thp, "thp: is a list"},
	{"thp-defrag: madvice", &kind_thp, "(did you mean \"madvise\"?)"},
	{"hugepages: 5", &kind_hugepages, "hugepages: is a single value"},
	{"hugepages: {2MB: 5}", &kind_hugepages, "(did you mean \"2MiB\"?)"},
	{"hugepages: {2MiB: 1G}", &kind_hugepages,
         "2MiB \"1G\": should be a whole number"},
	{"hugepages: {2MiB: {min: 5, max: 1}}", &kind_hugepages,
         "2MiB: min is larger than max"},
	{"ksm: 2", &kind_ksm, "ksm \"2\": should be true or false"},
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct diagnostics *diag = new_diagnostics();

	(void)row->kind->parse(
		resource_empty(row->kind),
		yaml(keep_text(mem_format("memory: {%s}", row->text)))->items[0], diag);
	assert_part(diagnostics_text(diag), row->fault);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, state_rows, test_states);
	suite_test(&s, "KSM that is unmerged", test_unmerged);
	suite_test(&s, "no keys", test_no_keys);
	suite_test(&s, "fewer huge pages", test_short);
	suite_rows(&s, persist_rows, test_persist);
	suite_test(&s, "columns", test_columns);
	suite_test(&s, "capture", test_capture);
	suite_rows(&s, bad_rows, test_bad);
	return suite_run(&s);
}
