/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The page cache of files of this machine; tests/vm/baseline.sh evicts them, too. */
#include "base/mem.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/open.h"
#include "test.h"
#include "tmproot.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *file_text(const char *path)
{
	_node_ struct node *paths = node_new(NODE_MAP);
	struct host h;
	struct err e;
	struct node *n;

	assert_int_equal(host_open(&h, "/", &e), 0);
	node_set(paths, path, node_new_null());
	n = keep_node(part_files(&h, paths));
	host_close(&h);
	return tree_text(node_get(n, path));
}

static void test_cached(void **state)
{
	char *path = keep_text(mem_format("%s/file", tmproot.outside));
	char *large = keep_text(mem_new(100001, 1));

	(void)state;
	memset(large, 'x', 100000);
	tmproot_write("../outside/file", large);
	assert_part(file_text(path), "\"bytes\": 100000, \"cached\": 100000");
	tmproot_write("../outside/file", "");
	assert_part(file_text(path), "\"bytes\": 0, \"cached\": 0");
	assert_string_equal(file_text(keep_text(mem_format("%s/none", tmproot.outside))),
	                    "null");
}

/* Opening one of them would block, or have an effect. */
static void test_others(void **state)
{
	char *fifo = keep_text(mem_format("%s/fifo", tmproot.outside));

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_part(file_text(fifo), "is not a regular file");
	assert_part(file_text("/dev/null"), "is not a regular file");
	assert_part(file_text("/tmp"), "is not a regular file");
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "cached", test_cached);
	suite_test(&s, "others", test_others);
	return suite_run(&s);
}
