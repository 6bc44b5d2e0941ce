/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "journal/journal.h"
#include "journal/text.h"
#include "test.h"

#include <errno.h>

static void add(struct journal *j, const char *kind, const char *object,
                struct node *previous, struct node *desired)
{
	struct journal_record r = {.kind = mem_dup(kind),
	                           .object = mem_dup(object),
	                           .previous = previous,
	                           .desired = desired};

	(void)journal_add(j, &r);
}

static void make(struct journal *j)
{
	struct journal_record setting = {.kind = mem_dup("setting"),
	                                 .object = mem_dup("settings.motd"),
	                                 .stored = true,
	                                 .desired = yaml_owned("[1, \"1\", {a: null}]"),
	                                 .instead = node_new_text("x")};

	*j = (struct journal){.boot = mem_dup("b"),
	                      .machine = mem_dup("m"),
	                      .command = mem_dup("apply"),
	                      .profile = mem_dup("p \"q\"\n"),
	                      .time_s = 1700000000,
	                      .state = JOURNAL_APPLIED,
	                      .try_s = 60,
	                      .try_until_ms = 123456789012};
	add(j, "sysctl", "vm.swappiness", node_new_text("60"), node_new_text("10"));
	add(j, "queue", "nvme0n1 nr-requests", node_new_text("\303\244"), NULL);
	(void)journal_add(j, &setting);
}

/* What is written is read back, to the last member. */
static void test_round_trip(void **state)
{
	_journal_ struct journal j = {0}, back = {0};
	_free_ char *text = NULL, *again = NULL;
	struct err e = {0};

	(void)state;
	make(&j);
	text = journal_format(&j);
	assert_int_equal(journal_parse(text, strlen(text), &back, &e), 0);
	again = journal_format(&back);
	assert_string_equal(again, text);
	assert_int_equal(back.n, 3);
	assert_int_equal(back.state, JOURNAL_APPLIED);
	assert_int_equal(back.try_s, 60);
	assert_true(back.try_until_ms == 123456789012);
	assert_null(back.records[1].desired);
	assert_true(back.records[2].stored);
	assert_string_equal(tree_text(back.records[2].desired),
	                    "[1, \"1\", {\"a\": null}]");
	assert_string_equal(tree_text(back.records[2].instead), "\"x\"");
}

/* A file that is cut short at any byte, or has one other byte, is no journal. */
static void test_damage(void **state)
{
	_journal_ struct journal j = {0};
	_free_ char *text = NULL;
	size_t len;

	(void)state;
	make(&j);
	text = journal_format(&j);
	len = strlen(text);
	for (size_t i = 0; i < len; i++) {
		struct journal back = {0};
		struct err e = {0};
		int r;

		assert_true(journal_parse(text, i, &back, &e) < 0);
		assert_true(*e.text);
		text[i] ^= 1;
		r = journal_parse(text, len, &back, &e);
		text[i] ^= 1;
		assert_true(r == -EBADMSG || r == -EPROTONOSUPPORT);
	}
}

static const struct bad {
	const char *name, *json; /* or the whole text, if it has a head */
	int code;
	const char *text;
} bad[] = {
	{"empty", "\n", -EBADMSG, "not a journal"},
	{"foreign", "# a foreign file\n", -EBADMSG, "not a journal"},
	{"newer", "hosttune-journal 2 0123\n{}\n", -EPROTONOSUPPORT,
         "has version 2, and this hosttune reads version 1"},
	{"sum", "hosttune-journal 1 0123456789abcdef\n{}\n", -EBADMSG, "checksum"},
	{"list", "[]", -EBADMSG, "a member is missing"},
	{"json", "{", -EBADMSG, "not JSON"},
	{"state",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"x\",\"records\":[]}",
         -EBADMSG, "a member is missing"},
	{"records",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"applied\",\"records\":{}}",
         -EBADMSG, "no list of records"},
	{"object",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"applied\",\"records\":[{\"kind\":\"sysctl\"}]}",
         -EBADMSG, "no object"},
	{"number",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"applied\",\"records\":[{\"kind\":\"sysctl\",\"object\":\"a\","
         "\"previous\":1}]}",
         -EBADMSG, "no text of one line"},
	{"lines",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"applied\",\"records\":[{\"kind\":\"sysctl\",\"object\":\"a\","
         "\"previous\":\"1\\n2\"}]}",
         -EBADMSG, "no text of one line"},
	{"twice",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"applied\",\"records\":[{\"kind\":\"s\",\"object\":\"a\"},"
         "{\"kind\":\"s\",\"object\":\"a\"}]}",
         -EBADMSG, "two records"},
	{"try",
         "{\"boot\":\"\",\"machine\":\"\",\"time\":1,\"command\":\"\",\"profile\":\"\","
         "\"state\":\"applied\",\"try\":5,\"records\":[]}",
         -EBADMSG, "try is no number"},
};

/* With the head that fits. */
static char *with_head(const char *json)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	if (strchr(json, '\n'))
		return mem_dup(json);
	for (const char *p = json; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	return mem_format("hosttune-journal 1 %016llx\n%s\n", (unsigned long long)h,
	                  json);
}

static void test_bad(void **state)
{
	const struct bad *b = *state;
	_free_ char *text = with_head(b->json);
	struct journal j = {0};
	struct err e = {0};

	assert_int_equal(journal_parse(text, strlen(text), &j, &e), b->code);
	assert_part(e.text, b->text);
}

/* The first value before stays: it is the one to restore. */
static void test_add(void **state)
{
	_journal_ struct journal j = {0};

	(void)state;
	add(&j, "sysctl", "a", node_new_text("1"), node_new_text("2"));
	add(&j, "sysctl", "a", node_new_text("2"), node_new_text("3"));
	add(&j, "queue", "a", NULL, NULL);
	assert_int_equal(j.n, 2);
	assert_string_equal(j.records[0].previous->text, "1");
	assert_string_equal(j.records[0].desired->text, "3");
}

int main(void)
{
	struct suite s = {0};

	suite_test(&s, "test_round_trip", test_round_trip);
	suite_test(&s, "test_damage", test_damage);
	suite_rows(&s, bad, test_bad);
	suite_test(&s, "test_add", test_add);
	return suite_run(&s);
}
