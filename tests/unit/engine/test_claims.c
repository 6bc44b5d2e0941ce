/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What two resources of a plan want for themselves. */
#include "base/mem.h"
#include "engine/claims.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"

/* They say in `now` which files they set. */
static struct kind sysfs, queue, thp, sysctl;

static char *now_files(const struct resource *r, const struct host *h)
{
	(void)h;
	return r->seen.now ? mem_dup(r->seen.now) : NULL;
}

static const struct kind *now_kind(const struct kind *kind, struct kind *ret)
{
	*ret = *kind;
	ret->files = now_files;
	return ret;
}

static struct resource *with_files(const struct kind *kind, const char *files)
{
	struct resource *r = resource_empty(kind);

	r->seen.now = files ? mem_dup(files) : NULL;
	r->spec.at = (struct place){"p.yaml", 7, 1};
	return r;
}

static const char *state_of(const struct resource *r)
{
	const struct change *c = &r->run.change;

	return keep_text(mem_format("%s %s: %s", state_word(c->state),
	                            reason_word(c->reason),
	                            c->message ? c->message : ""));
}

static void test_files(void **state)
{
	struct resource *const list[] = {
		with_files(now_kind(&kind_queue, &queue), "/sys/a\n/sys/b"),
		with_files(now_kind(&kind_sysfs, &sysfs), "/sys/c"),
		with_files(now_kind(&kind_sysfs, &sysfs), "/sys/d\n/sys/b"),
		with_files(&sysfs, NULL)};

	(void)state;
	claims_check(list, ARRAY_SIZE(list), NULL, false);
	assert_string_equal(state_of(list[0]), "ok : ");
	assert_string_equal(state_of(list[1]), "ok : ");
	assert_string_equal(
		state_of(list[2]),
		"refused AlsoSet: /sys/b is also set by queue data at p.yaml:7");
	assert_string_equal(state_of(list[3]), "ok : ");
}

static void test_files_of_both(void **state)
{
	struct resource *const list[] = {
		with_files(now_kind(&kind_thp, &thp), "/sys/a"),
		with_files(now_kind(&kind_sysfs, &sysfs), "/sys/a")};

	(void)state;
	claims_check(list, ARRAY_SIZE(list), NULL, true);
	assert_string_equal(
		state_of(list[0]),
		"refused AlsoSet: /sys/a is also set by sysfs data at p.yaml:7");
	assert_string_equal(
		state_of(list[1]),
		"refused AlsoSet: /sys/a is also set by memory thp at p.yaml:7");
}

/* What the condition excludes was not looked at. */
static void test_files_excluded(void **state)
{
	struct resource *const list[] = {
		with_files(now_kind(&kind_thp, &thp), "/sys/a"),
		with_files(now_kind(&kind_sysfs, &sysfs), "/sys/a")};

	(void)state;
	list[0]->spec.excluded = true;
	claims_check(list, ARRAY_SIZE(list), NULL, true);
	assert_string_equal(state_of(list[1]), "ok : ");
}

static void test_drives(void **state)
{
	struct resource *const list[] = {resource_empty(&kind_filesystem),
	                                 resource_empty(&kind_filesystem)};

	(void)state;
	list[0]->seen.claims = mem_dup("/dev/nvme0n1 /dev/nvme1n1");
	list[1]->seen.claims = mem_dup("/dev/nvme1n1");
	claims_check(list, ARRAY_SIZE(list), NULL, false);
	assert_string_equal(state_of(list[0]), "ok : ");
	assert_string_equal(
		state_of(list[1]),
		"refused DiskAmbiguous: /dev/nvme1n1 is also selected by \"data\"");
}

/* Two names of one sysctl, which its kind compares. */
static void test_files_compared(void **state)
{
	struct resource *const list[] = {
		with_files(now_kind(&kind_sysctl, &sysctl), "/sys/a"),
		with_files(&sysctl, "/sys/a"),
		with_files(now_kind(&kind_sysfs, &sysfs), "/sys/a")};

	(void)state;
	claims_check(list, ARRAY_SIZE(list), NULL, false);
	assert_string_equal(state_of(list[1]), "ok : ");
	assert_string_equal(
		state_of(list[2]),
		"refused AlsoSet: /sys/a is also set by sysctl data at p.yaml:7");
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "files", test_files);
	suite_test(&s, "files that a kind compares itself", test_files_compared);
	suite_test(&s, "files, both are refused", test_files_of_both);
	suite_test(&s, "files of what is excluded", test_files_excluded);
	suite_test(&s, "drives", test_drives);
	return suite_run(&s);
}
