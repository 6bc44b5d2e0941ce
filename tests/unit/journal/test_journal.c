/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "journal/journal.h"

#include "base/mem.h"
#include "doc/node.h"
#include "test.h"

#define OBJECTS 1000

static void add(struct journal *j, const char *kind, size_t object)
{
	struct journal_record r = {.kind = mem_dup(kind),
	                           .object = mem_format("key%zu", object),
	                           .desired = node_new_uint(object)};

	assert_true(journal_add(j, &r));
}

/* Whether exactly the objects that are multiples of `every` are found, each its own. */
static void find_every(const struct journal *j, size_t every)
{
	for (size_t i = 0; i < OBJECTS; i++) {
		_free_ char *object = mem_format("key%zu", i);
		const struct journal_record *r = journal_find(j, "sysctl", object);

		if (i % every) {
			assert_null(r);
			continue;
		}
		assert_non_null(r);
		assert_string_equal(r->object, object);
		assert_string_equal(r->kind, "sysctl");
	}
}

static bool is_odd(const struct journal_record *r, void *arg)
{
	(void)arg;
	return strchr("13579", r->object[strlen(r->object) - 1]);
}

static void test_find(void **state)
{
	_journal_ struct journal j = {0};

	(void)state;
	assert_null(journal_find(&j, "sysctl", "key0"));
	for (size_t i = 0; i < OBJECTS; i++)
		add(&j, "sysctl", i);
	find_every(&j, 1);
	/* another kind may have an object of the same name */
	assert_null(journal_find(&j, "module", "key1"));
	add(&j, "module", 1);
	assert_string_equal(journal_find(&j, "module", "key1")->kind, "module");
	find_every(&j, 1);
	journal_filter(&j, is_odd, NULL);
	assert_int_equal(j.n, OBJECTS / 2);
	find_every(&j, 2);
	assert_null(journal_find(&j, "module", "key1"));
	add(&j, "module", 1);
	assert_non_null(journal_find(&j, "module", "key1"));
}

/* An object that has a record keeps its previous value. */
static void test_again(void **state)
{
	_journal_ struct journal j = {0};
	struct journal_record same = {.kind = mem_dup("sysctl"),
	                              .object = mem_dup("key7"),
	                              .desired = node_new_uint(7)};
	struct journal_record other = {.kind = mem_dup("sysctl"),
	                               .object = mem_dup("key7"),
	                               .desired = node_new_uint(8)};

	(void)state;
	add(&j, "sysctl", 7);
	assert_false(journal_add(&j, &same));
	assert_true(journal_add(&j, &other));
	assert_int_equal(j.n, 1);
	assert_string_equal(journal_find(&j, "sysctl", "key7")->desired->text, "8");
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "find", test_find);
	suite_test(&s, "again", test_again);
	return suite_run(&s);
}
