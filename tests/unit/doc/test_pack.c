/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/diagnostics.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "doc/pack.h"
#include "doc/yaml.h"
#include "test.h"

#include <errno.h>
#include <inttypes.h>

static const char text[] = "a: [1, 'x', {b: ''}]\nc: |\n  two\n  lines\nd: {}\na: 2\n";

static struct unpack begin(const char *bytes, size_t len)
{
	return (struct unpack){.at = bytes, .end = bytes + len};
}

static void pack_all(struct buf *out)
{
	struct diagnostics *diag = new_diagnostics();
	struct err e = {0};
	struct node *n = keep_node(node_yaml_parse(text, strlen(text), "f", diag));

	(void)err_set(&e, -EIO, "why");
	pack_diagnostics(out, diag);
	pack_err(out, &e);
	pack_node(out, n);
	pack_node(out, NULL);
}

/* Read all of it. Return: whether it was complete. */
static bool unpack_all(const char *bytes, size_t len)
{
	struct unpack u = begin(bytes, len);
	struct err e = {0};

	unpack_diagnostics(&u, "f", new_diagnostics());
	(void)unpack_err(&u, &e);
	node_free(unpack_node(&u, "f"));
	node_free(unpack_node(&u, "f"));
	return unpack_is_complete(&u);
}

static void test_same(void **state)
{
	_buf_ struct buf a = {0}, b = {0};
	struct diagnostics *diag = new_diagnostics();
	struct err e = {0};
	struct unpack u;
	struct node *n;

	(void)state;
	pack_all(&a);
	u = begin(a.text, a.len);
	unpack_diagnostics(&u, "f", diag);
	assert_int_equal(unpack_err(&u, &e), -EIO);
	assert_string_equal(e.text, "why");
	n = keep_node(unpack_node(&u, "f"));
	assert_null(unpack_node(&u, "f"));
	assert_true(unpack_is_complete(&u));
	assert_string_equal(node_get(n, "c")->text, "two\nlines\n");
	assert_int_equal(node_get(n, "c")->key_at.line, 2);
	assert_true(node_get(n, "a")->items[0]->plain);
	assert_false(node_get(n, "a")->items[1]->plain);
	pack_diagnostics(&b, diag);
	pack_err(&b, &e);
	pack_node(&b, n);
	pack_node(&b, NULL);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.text, b.text, a.len);
}

/* Cut anywhere, or with more behind: never complete. */
static void test_cut(void **state)
{
	_buf_ struct buf a = {0};

	(void)state;
	pack_all(&a);
	assert_true(unpack_all(a.text, a.len));
	for (size_t len = 0; len < a.len; len++)
		assert_false(unpack_all(a.text, len));
	buf_add_n(&a, "x", 1);
	assert_false(unpack_all(a.text, a.len));
}

/* Each byte with other values: read without a fault, whatever it says. */
static void test_spoilt(void **state)
{
	static const char values[] = {0, 1, 4, 127, -1};
	_buf_ struct buf a = {0};

	(void)state;
	pack_all(&a);
	for (size_t i = 0; i < a.len; i++) {
		char had = a.text[i];

		for (size_t v = 0; v < sizeof(values); v++) {
			a.text[i] = values[v];
			(void)unpack_all(a.text, a.len);
		}
		a.text[i] = had;
	}
}

#define SCALAR "\1\0\0\0" PLACES
#define MAP    "\3\0\0\0" PLACES
#define PLACES "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define NONE   "\xff\xff\xff\xff"
#define ONE(c) "\1\0\0\0" c

static const struct broken {
	const char *name, *bytes;
	size_t len;
} broken[] = {
#define B(name, bytes)                         \
	{                                      \
		name, bytes, sizeof(bytes) - 1 \
	}
	B("type", "\4\0\0\0"),
	B("scalar without text", SCALAR NONE NONE NONE NONE "\0\0\0\0"),
	B("scalar with items", SCALAR NONE ONE("x") NONE NONE "\1\0\0\0"),
	B("NUL in a text", SCALAR NONE ONE("\0") NONE NONE "\0\0\0\0"),
	B("member without a key",
          MAP NONE NONE NONE NONE "\1\0\0\0" SCALAR NONE ONE("x") NONE NONE "\0\0\0\0"),
	B("key twice",
          MAP NONE NONE NONE NONE "\2\0\0\0" SCALAR ONE("k") ONE("x") NONE NONE
          "\0\0\0\0" SCALAR ONE("k") ONE("x") NONE NONE "\0\0\0\0"),
	B("more items than bytes", MAP NONE NONE NONE NONE "\xff\xff\xff\x7f"),
	B("length beyond the end", SCALAR NONE "\xfe\xff\xff\xffx"),
#undef B
};

static void test_broken(void **state)
{
	const struct broken *row = *state;
	struct unpack u = begin(row->bytes, row->len);

	assert_null(keep_node(unpack_node(&u, "f")));
	assert_false(unpack_is_complete(&u));
}

/* Deeper than a parser makes it: refused before the stack ends. */
static void test_deep(void **state)
{
	static const char list[] = "\2\0\0\0" PLACES NONE NONE NONE NONE "\1\0\0\0";
	_buf_ struct buf a = {0};
	struct unpack u;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buf_add_n(&a, list, sizeof(list) - 1);
	u = begin(a.text, a.len);
	assert_null(keep_node(unpack_node(&u, "f")));
	assert_false(unpack_is_complete(&u));
}

/* As in node.c: its lower bits are where a map looks for a key. */
static uint64_t hash_of(const char *key)
{
	return hash_bytes(HASH_START, key, strlen(key));
}

/* A map with `n` members whose hashes end in the bits 0, packed. */
static void pack_members(struct buf *out, size_t n, uint64_t bits)
{
	_node_ struct node *map = node_new(NODE_MAP);

	for (uint64_t i = 0; map->n < n; i++) {
		_free_ char *key = mem_format("key%" PRIu64, i);

		if ((hash_of(key) & bits) == 0)
			node_set(map, key, node_new_text("x"));
	}
	pack_node(out, map);
}

/* Keys that are in the way of each other take the time of all pairs; others do not. */
static void test_colliding(void **state)
{
	_buf_ struct buf many = {0}, some = {0};
	struct unpack u;

	(void)state;
	pack_members(&many, 100000, 0);
	u = begin(many.text, many.len);
	assert_non_null(keep_node(unpack_node(&u, "f")));
	assert_true(unpack_is_complete(&u));
	pack_members(&some, 400, 1023);
	u = begin(some.text, some.len);
	assert_null(keep_node(unpack_node(&u, "f")));
	assert_false(unpack_is_complete(&u));
}

/* No tree and no error: to the caller, that would be a success without a result. */
static void test_neither(void **state)
{
	static const char nothing[16] = {0}; /* no problem, error 0 "", no tree */
	_diagnostics_ struct diagnostics diag = {0};
	struct err e = {0}, stale = {.code = -EIO};
	struct unpack u = begin(nothing, 16);

	(void)state;
	assert_null(unpack_parsed(&u, "f", &diag, &e));
	assert_int_equal(e.code, -EBADMSG);
	u = begin(nothing, 16);
	assert_null(unpack_parsed(&u, "f", NULL, &stale));
	assert_int_equal(stale.code, -EBADMSG);
}

/* The same, with a problem where the caller asks for none. */
static void test_problem_unasked(void **state)
{
	_buf_ struct buf a = {0};
	_diagnostics_ struct diagnostics diag = {0};
	struct err e = {0};
	struct unpack u;

	(void)state;
	diag_error(&diag, (struct place){"f", 1, 1}, "why");
	pack_diagnostics(&a, &diag);
	pack_err(&a, &e);
	pack_node(&a, NULL);
	u = begin(a.text, a.len);
	assert_null(unpack_parsed(&u, "f", NULL, &e));
	assert_int_equal(e.code, -EBADMSG);
	e.code = 0;
	u = begin(a.text, a.len);
	assert_null(unpack_parsed(&u, "f", &diag, &e));
	assert_int_equal(e.code, 0);
	assert_int_equal(diag.errors, 2);
}

int main(void)
{
	struct suite s = {0};

	suite_test(&s, "same", test_same);
	suite_test(&s, "cut", test_cut);
	suite_test(&s, "spoilt", test_spoilt);
	suite_rows(&s, broken, test_broken);
	suite_test(&s, "deep", test_deep);
	suite_test(&s, "colliding", test_colliding);
	suite_test(&s, "neither", test_neither);
	suite_test(&s, "problem unasked", test_problem_unasked);
	return suite_run(&s);
}
