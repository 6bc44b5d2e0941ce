/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The table of causes: whatever changed has a row, and the right one. */
#include "baseline/cause.h"

#include "test.h"

#include <ctype.h>

static const struct find_row {
	const char *group, *key, *word;
} find_rows[] = {
	{"mount", "gone", "MountGone"},
	{"mount", "device", "MountDevice"},
	{"option", "sync", "MountSync"},
	{"option", "-sync", "MountOption"},
	{"option", "relatime", "MountAtime"},
	{"option", "noatime", "MountOption"},
	{"option", "-noatime", "MountAtime"},
	{"option", "ro", "MountReadOnly"},
	{"option", "rw", "MountOption"},
	{"option", "logbsize", "MountLog"},
	{"option", "usrquota", "MountOption"},
	{"queue", "read_ahead_kb", "QueueReadAhead"},
	{"queue", "io_timeout", "QueueSetting"},
	{"limit", "io.max", "PodIoLimit"},
	{"limit", "blkio.throttle.write_bps_device", "PodIoLimit"},
	{"limit", "memory.limit_in_bytes", "PodMemoryLimit"},
	{"limit", "cpu.max", "PodLimit"},
	{"sysctl", "vm.dirty_bytes", "SysctlDirty"},
	{"sysctl", "vm.swappiness", "Sysctl"},
	{"filesystem", "uuid", "FilesystemNew"},
	{"filesystem", "ag_count", "FilesystemChanged"},
	{"kernel", "release", "KernelRelease"},
	{"probe", "warm", "CopyWarm"},
};

static void test_find(void **state)
{
	const struct find_row *row = *state;

	assert_string_equal(cause_find(row->group, row->key)->word, row->word);
}

/* cause_find() takes the last row of a group for all other keys. */
static void test_others_last(void **state)
{
	(void)state;
	for (const struct cause *c = cause_rows(); c->word; c++)
		for (const struct cause *later = c + 1; later->word; later++)
			if (strcmp(c->group, later->group) == 0)
				assert_string_not_equal(c->keys, "*");
}

static void test_words(void **state)
{
	(void)state;
	for (const struct cause *c = cause_rows(); c->word; c++) {
		assert_true(isupper((unsigned char)c->word[0]));
		assert_true(*c->causes);
		for (const struct cause *later = c + 1; later->word; later++)
			assert_string_not_equal(c->word, later->word);
	}
}

/* Of a change and its result, the change comes first. */
static void test_order(void **state)
{
	(void)state;
	assert_true(cause_find("mount", "device") < cause_find("option", "sync"));
	assert_true(cause_find("option", "sync") < cause_find("queue", "scheduler"));
	assert_true(cause_find("queue", "scheduler") < cause_find("kernel", "release"));
	assert_true(cause_find("kernel", "release") < cause_find("file", "cached"));
	assert_true(cause_find("file", "cached") < cause_find("probe", "cold"));
}

int main(void)
{
	struct suite s = {0};

	suite_rows(&s, find_rows, test_find);
	suite_test(&s, "others last", test_others_last);
	suite_test(&s, "words", test_words);
	suite_test(&s, "order", test_order);
	return suite_run(&s);
}
