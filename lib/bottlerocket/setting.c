/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/setting.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "doc/node.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void setting_add_segment(struct buf *b, const char *segment)
{
	if (*segment && !segment[strcspn(segment, ".\"\\")]) {
		buf_add(b, segment);
		return;
	}
	buf_add(b, "\"");
	for (const char *p = segment; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_add(b, "\\");
		buf_add_n(b, p, 1);
	}
	buf_add(b, "\"");
}

char *setting_path_format(const char *const *segments, size_t n)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add(&b, ".");
		setting_add_segment(&b, segments[i]);
	}
	return buf_take(&b);
}

/* Read the segment at *p and move *p behind it; NULL if there is none. */
static char *read_segment(const char **p)
{
	_buf_ struct buf b = {0};

	if (**p != '"') {
		size_t len = strcspn(*p, ".\"");

		buf_add_n(&b, *p, len);
		*p += len;
		return len > 0 ? buf_take(&b) : NULL;
	}
	for (++*p; **p != '"'; ++*p) {
		if (**p == '\\')
			++*p;
		if (!**p)
			return NULL;
		buf_add_n(&b, *p, 1);
	}
	++*p;
	return buf_take(&b);
}

char **setting_path_split(const char *path, size_t *ret_n)
{
	_setting_path_ char **segments = NULL;
	size_t n = 0;
	char *segment;

	do {
		path += n > 0;
		segment = read_segment(&path);
		segments = mem_resize(segments, n + 2, sizeof(*segments));
		segments[n++] = segment;
		segments[n] = NULL;
	} while (segment && *path == '.');
	if (!segment || *path)
		return NULL;
	if (ret_n)
		*ret_n = n;
	return TAKE_PTR(segments);
}

void setting_path_free(char **segments)
{
	for (size_t i = 0; segments && segments[i]; i++)
		free(segments[i]);
	free(segments);
}

void setting_path_freep(char ***segments)
{
	setting_path_free(*segments);
}

/* Whether it is a number in JSON and YAML: no blanks, no "inf", no hexadecimal. */
static bool is_real(const char *s, double *ret)
{
	char *end;

	if (!*s || s[strspn(s, "0123456789+-.eE")])
		return false;
	*ret = strtod(s, &end);
	return !*end;
}

static bool same_number(const char *a, const char *b)
{
	int64_t whole_a, whole_b;
	double real_a, real_b;

	/* a double cannot distinguish neighbours above 2^53 */
	if (num_i64(a, &whole_a) == 0 && num_i64(b, &whole_b) == 0)
		return whole_a == whole_b;
	return is_real(a, &real_a) && is_real(b, &real_b) && !(real_a < real_b) &&
	       !(real_a > real_b);
}

static bool same_scalar(const struct node *wanted, const struct node *live)
{
	if (strcmp(wanted->text, live->text) == 0)
		return true;
	return (wanted->plain || live->plain) && same_number(wanted->text, live->text);
}

bool setting_same(const struct node *wanted, const struct node *live)
{
	return setting_same_or(wanted, live, NULL);
}

bool setting_same_or(const struct node *wanted, const struct node *live,
                     bool (*also)(const struct node *wanted, const struct node *live))
{
	if (!wanted || !live || wanted->type != live->type)
		return false;
	if (wanted->type == NODE_SCALAR)
		return same_scalar(wanted, live) || (also && also(wanted, live));
	if (wanted->type == NODE_LIST && wanted->n != live->n)
		return false;
	for (size_t i = 0; i < wanted->n; i++) {
		const struct node *item = wanted->items[i];
		const struct node *at = wanted->type == NODE_MAP
		                                ? node_get(live, item->key)
		                                : live->items[i];

		if (!setting_same_or(item, at, also))
			return false;
	}
	return true;
}
