/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a bundle keeps of one path, and what it says of what it lacks. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "collect/add.h"
#include "doc/node.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARAMETERS "/sys/module/m/parameters/"

static struct bundle *bundle;

static int setup(void **state)
{
	int r = tmproot_setup(state);

	bundle = bundle_new();
	tmproot.host.record = bundle;
	collect_cover(&tmproot.host, "/proc/sys/**");
	collect_cover(&tmproot.host, "/sys/**");
	return r;
}

static int teardown(void **state)
{
	tmproot.host.record = NULL;
	bundle_free(bundle);
	return tmproot_teardown(state);
}

static const char *in_root(const char *path)
{
	return keep_text(mem_format("%s%s", tmproot.path, path));
}

/* What the reader of the bundle gets for the path: its text, or the error. */
static const char *found(const char *path)
{
	const struct bundle_file *f = NULL;
	struct err e = {0};

	collect_path(&tmproot.host, path);
	assert_null(bundle_seal(bundle));
	if (bundle_find(bundle, "open", path, &f, &e) == 0)
		return f->data ? f->data : "(directory)";
	return keep_text(mem_format("%d: %s", e.code, e.text));
}

/* Why the bundle lacks the path, as its manifest says. */
static const char *why(const char *path)
{
	const struct node *lacks = node_get(bundle->manifest, "lacks");
	const struct node *n = lacks ? node_get(lacks, path) : NULL;

	return n ? node_get(n, "message")->text : "(none)";
}

/* It is unknown what the node has. */
static void assert_unknown(const char *path)
{
	assert_string_equal(found(path), keep_text(mem_format("%d: the bundle lacks %s",
	                                                      -ENODATA, path)));
}

static const char *incomplete(void)
{
	return tree_text(node_get(bundle->manifest, "incomplete"));
}

static void test_kept(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	assert_string_equal(found("/proc/sys/vm/swappiness"), "60\n");
	assert_string_equal(found("/proc/sys/vm"), "(directory)");
	assert_string_equal(incomplete(), "(none)");
}

/* The node does not have it: that is an answer, no lack. */
static void test_absent(void **state)
{
	(void)state;
	assert_part(found("/proc/sys/vm/none"), "-2: ");
	assert_string_equal(incomplete(), "(none)");
}

/* A parameter that only root may read may be a secret. */
static void test_secret_parameter(void **state)
{
	(void)state;
	tmproot_write(PARAMETERS "key", "geheim\n");
	assert_int_equal(chmod(in_root(PARAMETERS "key"), 0400), 0);
	assert_unknown(PARAMETERS "key");
	assert_string_equal(why(PARAMETERS "key"),
	                    PARAMETERS "key: only root may read it");
	tmproot_write(PARAMETERS "open", "1\n");
	assert_string_equal(found(PARAMETERS "open"), "1\n");
	assert_string_equal(incomplete(), "(none)");
}

/* A link leads nowhere outside of the root. */
static void test_link_outside(void **state)
{
	(void)state;
	tmproot_write("../outside/file", "geheim\n");
	tmproot_link("/proc/sys/vm/link", "../../../../outside/file");
	assert_null(strstr(found("/proc/sys/vm/link"), "geheim"));
}

static void test_large_file(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/vm/large", "x");
	assert_int_equal(truncate(in_root("/proc/sys/vm/large"), COLLECT_FILE_BYTES + 1),
	                 0);
	assert_unknown("/proc/sys/vm/large");
	assert_part(why("/proc/sys/vm/large"), "/proc/sys/vm/large");
	assert_part(incomplete(), "large");
}

/* Once it is full, the reader knows that the rest is not absent on the node. */
static void test_full(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	bundle->bytes = COLLECT_TOTAL_BYTES;
	assert_unknown("/proc/sys/vm/swappiness");
	assert_string_equal(why("/proc/sys/vm/swappiness"),
	                    "/proc/sys/vm/swappiness: the bundle is full");
	assert_string_equal(incomplete(), "\"the bundle is full\"");
	bundle->bytes = 0;
}

static void test_deadline(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	tmproot.host.deadline = deadline_in_ms(0);
	assert_unknown("/proc/sys/vm/swappiness");
	assert_part(why("/proc/sys/vm/swappiness"), "deadline");
	assert_string_not_equal(incomplete(), "(none)");
	tmproot.host.deadline = (struct deadline){0};
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(setup, teardown);
	suite_test(&s, "what is kept", test_kept);
	suite_test(&s, "what the node does not have", test_absent);
	suite_test(&s, "a parameter that is a secret", test_secret_parameter);
	suite_test(&s, "a link to the outside", test_link_outside);
	suite_test(&s, "a large file", test_large_file);
	suite_test(&s, "a full bundle", test_full);
	suite_test(&s, "the deadline", test_deadline);
	return suite_run(&s);
}
