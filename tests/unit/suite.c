/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "test.h"

#include <time.h>

/* --- objects freed after each test ----------------------------------------------------
 */

static struct kept {
	void *object;
	void (*free)(void *object);
} * kept;
static size_t n_kept, cap_kept;

void *keep(void *object, void (*free_object)(void *))
{
	kept = mem_grow(kept, &cap_kept, n_kept, sizeof(*kept));
	kept[n_kept++] = (struct kept){object, free_object};
	return object;
}

static void release(void)
{
	while (n_kept > 0) {
		n_kept--;
		kept[n_kept].free(kept[n_kept].object);
	}
	free(kept);
	kept = NULL;
	cap_kept = 0;
}

char *keep_text(char *text)
{
	return keep(text, free);
}

static void free_node(void *object)
{
	node_free(object);
}

struct node *keep_node(struct node *n)
{
	return keep(n, free_node);
}

static void free_diagnostics(void *object)
{
	diag_done(object);
	free(object);
}

struct diagnostics *new_diagnostics(void)
{
	return keep(mem_new(1, sizeof(struct diagnostics)), free_diagnostics);
}

/* --- suites ---------------------------------------------------------------------------
 */

static CMFixtureFunction own_setup, own_teardown;

static int setup(void **state)
{
	return own_setup ? own_setup(state) : 0;
}

static int teardown(void **state)
{
	int r = own_teardown ? own_teardown(state) : 0;

	release();
	return r;
}

void suite_fixture(CMFixtureFunction set, CMFixtureFunction tear)
{
	own_setup = set;
	own_teardown = tear;
}

/* A row's name is often its input: escape line ends and "#", which TAP interprets. */
static const char *printable(const char *name)
{
	struct buf b = {0};

	for (; *name; name++)
		buf_addf(&b, *name < ' ' || *name == '#' ? "\\x%02x" : "%c",
		         (unsigned char)*name);
	return buf_take(&b);
}

static void add(struct suite *s, const char *name, CMUnitTestFunction function,
                const void *row)
{
	if (s->n == SUITE_MAX) {
		(void)fputs("not ok - more tests than SUITE_MAX\n", stderr);
		abort();
	}
	s->tests[s->n++] = (struct CMUnitTest){.name = printable(name),
	                                       .test_func = function,
	                                       .setup_func = setup,
	                                       .teardown_func = teardown,
	                                       .initial_state = (void *)(uintptr_t)row};
}

void suite_test(struct suite *s, const char *name, CMUnitTestFunction function)
{
	add(s, name, function, NULL);
}

void suite_add_rows(struct suite *s, const char *function_name, const void *rows,
                    size_t n, size_t size, CMUnitTestFunction function)
{
	const char *what = function_name + strlen("test_");

	for (size_t i = 0; i < n; i++) {
		const char *row = (const char *)rows + i * size;
		_free_ char *name = mem_format("%s: %s", what,
		                               *(const char *const *)(const void *)row);

		add(s, name, function, row);
	}
}

int suite_run(struct suite *s)
{
	/* cmocka skips rows without a function */
	int r = cmocka_run_group_tests(s->tests, NULL, NULL);

	for (size_t i = 0; i < s->n; i++)
		free((void *)(uintptr_t)s->tests[i].name);
	return r;
}

/* --- texts ----------------------------------------------------------------------------
 */

const char *diagnostics_text(const struct diagnostics *diag)
{
	struct buf b = {0};

	for (size_t i = 0; i < diag->n; i++)
		buf_addf(&b, "%u:%u: %s%s\n", diag->list[i].line, diag->list[i].col,
		         severity_prefix(diag->list[i].severity), diag->list[i].text);
	return keep_text(buf_take(&b));
}

struct node *yaml_owned(const char *text)
{
	struct diagnostics *diag = new_diagnostics();
	struct node *n = node_yaml_parse(text, strlen(text), "test.yaml", diag);

	assert_string_equal(diagnostics_text(diag), "");
	assert_non_null(n);
	return n;
}

struct node *yaml(const char *text)
{
	return keep_node(yaml_owned(text));
}

const char *tree_text(const struct node *n)
{
	return n ? keep_text(node_json_line(n)) : "(none)";
}

int64_t clock_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
