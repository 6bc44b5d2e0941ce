/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "test.h"

#define KEYS 10000

static struct node *new_map(void)
{
	return keep_node(node_new(NODE_MAP));
}

static void test_scalars(void **state)
{
	struct node *list = keep_node(node_new(NODE_LIST));

	(void)state;
	node_append(list, node_new_text("12"));
	node_append(list, node_new_plain("12"));
	node_append(list, node_new_uint(UINT64_C(9007199254740993)));
	node_append(list, node_new_bool(true));
	node_append(list, node_new_bool(false));
	node_append(list, node_new_null());
	assert_string_equal(tree_text(list),
	                    "[\"12\", 12, 9007199254740993, true, false, null]");
	assert_false(list->items[0]->plain);
	node_for_each (item, list) {
		assert_int_equal(item->type, NODE_SCALAR);
		assert_int_equal(item->at.line, 0);
	}
}

/* Plain only if every YAML parser reads the same value. */
static const struct word {
	const char *text;
	bool plain;
} words[] = {
	{"cubic", true},  {"/mnt/data", true}, {"Amazon EC2 NVMe Instance Storage", true},
	{"60", true},     {"-1", true},        {"logbsize=32k", true},
	{"0", true},      {"-0", false},       {"010", false},
	{"+1", false},    {"1.5", false},      {"18446744073709551615", false},
	{"16MiB", false}, {"0x10", false},     {"1e3", false},
	{"", false},      {" a", false},       {"a ", false},
	{"true", false},  {"No", false},       {"~", false},
	{"a: b", false},  {"a #b", false},     {"= cpus", false},
	{"a,b", false},   {"[a]", false},      {"a\nb", false},
	{".inf", false},  {"- a", false},      {"caf\xc3\xa9", false},
};

static void test_word(void **state)
{
	const struct word *row = *state;
	const struct node *n = keep_node(node_new_word(row->text));
	const struct node *again;

	assert_string_equal(n->text, row->text);
	assert_int_equal(n->plain, row->plain);
	if (!row->plain)
		return;
	again = yaml(row->text);
	assert_int_equal(again->type, NODE_SCALAR);
	assert_string_equal(again->text, row->text);
}

static void test_type_names(void **state)
{
	(void)state;
	assert_string_equal(node_type_name(yaml("x")), "a single value");
	assert_string_equal(node_type_name(yaml("[]")), "a list");
	assert_string_equal(node_type_name(yaml("{}")), "a mapping");
}

static void test_set(void **state)
{
	struct node *map = new_map();
	char key[] = "one";

	(void)state;
	assert_null(node_get(map, "one"));
	node_set(map, key, node_new_uint(1));
	key[0] = 'x'; /* the key is copied */
	node_set(map, "two", node_new_uint(2));
	node_set(map, "three", node_new_uint(3));
	assert_string_equal(node_get(map, "one")->text, "1");
	assert_string_equal(node_get(map, "one")->key, "one");
	assert_null(node_get(map, "four"));
	assert_null(node_get(map, ""));
	/* a replaced value keeps its position */
	node_set(map, "two", node_new_text("II"));
	assert_int_equal(map->n, 3);
	assert_string_equal(tree_text(map),
	                    "{\"one\": 1, \"two\": \"II\", \"three\": 3}");
}

static void test_get_elsewhere(void **state)
{
	(void)state;
	assert_null(node_get(NULL, "a"));
	assert_null(node_get(yaml("[a]"), "a"));
	assert_null(node_get(yaml("a"), "a"));
	assert_null(node_get(yaml("{}"), "a"));
}

static void test_set_text(void **state)
{
	struct node *map = new_map();

	(void)state;
	node_set_text(map, "a", "12");
	node_set_text(map, "b", NULL);
	assert_string_equal(tree_text(map), "{\"a\": \"12\"}");
}

static void test_get_map(void **state)
{
	struct node *map = new_map(), *below;

	(void)state;
	below = node_get_map(map, "kernel");
	assert_int_equal(below->type, NODE_MAP);
	assert_ptr_equal(node_get_map(map, "kernel"), below);
	node_set_text(map, "scalar", "x");
	node_set_text(node_get_map(map, "scalar"), "a", "b");
	assert_string_equal(tree_text(map),
	                    "{\"kernel\": {}, \"scalar\": {\"a\": \"b\"}}");
}

static void test_swap(void **state)
{
	struct node *map = new_map(), *one = node_new_text("1"), *had;

	(void)state;
	assert_null(node_swap(map, "a", one));
	had = keep_node(node_swap(map, "a", node_new_text("2")));
	assert_ptr_equal(had, one);
	assert_string_equal(had->key, "a");
	assert_string_equal(tree_text(map), "{\"a\": \"2\"}");
	/* a value may move from one key to another */
	had = node_swap(map, "a", node_new_text("3"));
	assert_null(node_swap(map, "b", had));
	assert_string_equal(tree_text(map), "{\"a\": \"3\", \"b\": \"2\"}");
}

static void test_remove(void **state)
{
	struct node *map = node_copy(yaml("{a: 1, b: 2, c: 3}"));

	(void)state;
	keep_node(map);
	node_remove(map, "b");
	node_remove(map, "b");
	node_remove(map, "x");
	assert_string_equal(tree_text(map), "{\"a\": 1, \"c\": 3}");
	assert_null(node_get(map, "b"));
	assert_string_equal(node_get(map, "c")->text, "3");
	/* the argument may be the key of the node itself */
	node_remove(map, map->items[1]->key);
	node_remove(map, "a");
	assert_int_equal(map->n, 0);
	assert_null(node_get(map, "a"));
	node_set(map, "d", node_new_uint(4));
	assert_string_equal(tree_text(map), "{\"d\": 4}");
}

/* The list is complete while `drop` runs. */
static bool drop_short(struct node *item, void *arg)
{
	const struct node *list = arg;

	assert_int_equal(list->n, 6);
	node_for_each (other, list)
		assert_non_null(other->text);
	return strlen(item->text) < 2;
}

static void test_filter(void **state)
{
	struct node *list = keep_node(node_copy(yaml("[a, bb, c, d, ee, f]")));

	(void)state;
	node_filter(list, drop_short, list);
	assert_string_equal(tree_text(list), "[\"bb\", \"ee\"]");
	node_append(list, node_new_text("g"));
	assert_string_equal(tree_text(list), "[\"bb\", \"ee\", \"g\"]");
}

static bool drop_nothing(struct node *item, void *arg)
{
	(void)item;
	(void)arg;
	return false;
}

static bool drop_all(struct node *item, void *arg)
{
	return !drop_nothing(item, arg);
}

static void test_filter_ends(void **state)
{
	struct node *list = keep_node(node_copy(yaml("[a, b]")));

	(void)state;
	node_filter(list, drop_nothing, NULL);
	assert_string_equal(tree_text(list), "[\"a\", \"b\"]");
	node_filter(list, drop_all, NULL);
	assert_string_equal(tree_text(list), "[]");
	node_filter(list, drop_all, NULL);
	assert_int_equal(list->n, 0);
}

static bool drop_odd(struct node *item, void *arg)
{
	(void)arg;
	return (item->text[strlen(item->text) - 1] - '0') % 2;
}

static void test_many_keys(void **state)
{
	struct node *map = new_map();
	char key[32];

	(void)state;
	for (unsigned i = 0; i < KEYS; i++) {
		(void)snprintf(key, sizeof(key), "net.key%u", i);
		node_set(map, key, node_new_uint(i));
	}
	assert_int_equal(map->n, KEYS);
	node_filter(map, drop_odd, NULL);
	assert_int_equal(map->n, KEYS / 2);
	for (unsigned i = 0; i < KEYS; i++) {
		const struct node *n;

		(void)snprintf(key, sizeof(key), "net.key%u", i);
		n = node_get(map, key);
		assert_int_equal(!n, i % 2);
		assert_true(!n || strtoul(n->text, NULL, 10) == i);
	}
	/* the order is preserved */
	for (unsigned i = 0; i < KEYS / 2; i++)
		assert_int_equal(strtoul(map->items[i]->text, NULL, 10), 2 * i);
}

static const struct pair {
	const char *name, *a, *b;
	bool equal;
} pairs[] = {
	{"the same text", "a", "a", true},
	{"other text", "a", "b", false},
	{"plain is not quoted", "12", "\"12\"", false},
	{"the same number written differently", "010", "10", false},
	{"maps in another order", "{a: 1, b: [2]}", "{b: [2], a: 1}", true},
	{"maps with another key", "{a: 1, b: 2}", "{a: 1, c: 2}", false},
	{"maps, one more", "{a: 1}", "{a: 1, b: 2}", false},
	{"maps, one less", "{a: 1, b: 2}", "{a: 1}", false},
	{"maps, a value deep down", "{a: {b: {c: 1}}}", "{a: {b: {c: 2}}}", false},
	{"lists in another order", "[1, 2]", "[2, 1]", false},
	{"lists, one more", "[1]", "[1, 2]", false},
	{"empty lists", "[]", "[]", true},
	{"empty list, empty map", "[]", "{}", false},
	{"text and list", "a", "[a]", false},
};

static void test_equal(void **state)
{
	const struct pair *p = *state;

	assert_int_equal(node_equal(yaml(p->a), yaml(p->b)), p->equal);
	assert_int_equal(node_equal(yaml(p->b), yaml(p->a)), p->equal);
}

static void test_copy(void **state)
{
	const struct node *n = yaml("a: [1, \"2\", {b: c}]\nd:\n  e: f\n");
	struct node *copy = keep_node(node_copy(n)), *again;

	(void)state;
	assert_true(node_equal(n, copy));
	assert_int_equal(node_get(copy, "d")->at.line, 3);
	assert_int_equal(node_get(copy, "d")->key_at.line, 2);
	assert_int_equal(node_get(copy, "d")->key_at.col, 1);
	assert_ptr_not_equal(node_get(copy, "d"), node_get(n, "d"));
	node_set_text(copy, "d", "other");
	assert_string_equal(node_get(node_get(n, "d"), "e")->text, "f");
	/* with the value that it overrode */
	node_get(copy, "d")->overrode = node_copy(node_get(n, "d"));
	again = keep_node(node_copy(copy));
	assert_true(node_equal(node_get(again, "d")->overrode, node_get(n, "d")));
	assert_int_equal(node_get(again, "d")->overrode->at.line, 3);
}

static void test_overrode_is_owned(void **state)
{
	struct node *map = new_map(), *new = node_new_text("2");

	(void)state;
	node_set(map, "a", node_new_text("1"));
	new->overrode = node_swap(map, "a", new);
	assert_string_equal(node_get(map, "a")->overrode->text, "1");
	/* freed with the map: a leak or a double free shows under sanitizers */
}

static void test_free_nothing(void **state)
{
	struct node *none = NULL;

	(void)state;
	node_free(NULL);
	node_freep(&none);
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "new scalars", test_scalars);
	suite_rows(&s, words, test_word);
	suite_test(&s, "names of types", test_type_names);
	suite_test(&s, "set, get and replace", test_set);
	suite_test(&s, "get from something that is not a map", test_get_elsewhere);
	suite_test(&s, "set a text or nothing", test_set_text);
	suite_test(&s, "get or make a map", test_get_map);
	suite_test(&s, "swap", test_swap);
	suite_test(&s, "remove", test_remove);
	suite_test(&s, "filter", test_filter);
	suite_test(&s, "filter nothing, all, and an empty list", test_filter_ends);
	suite_test(&s, "ten thousand keys", test_many_keys);
	suite_rows(&s, pairs, test_equal);
	suite_test(&s, "copy", test_copy);
	suite_test(&s, "overridden values are owned", test_overrode_is_owned);
	suite_test(&s, "free nothing", test_free_nothing);
	return suite_run(&s);
}
