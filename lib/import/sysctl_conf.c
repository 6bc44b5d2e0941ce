/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* sysctl.conf(5) and sysctl.d(5), as procps and systemd read them. */
#include "import/formats.h"
#include "import/line.h"
#include "import/sysctl.h"

#include "base/mem.h"
#include "doc/comments.h"
#include "doc/node.h"
#include "sysctl/key.h"
#include "sysctl/known/table.h"

#include <fnmatch.h>
#include <string.h>

struct reader {
	struct import *im;
	struct comments comments;
	struct node *excluded; /* "-key" lines: keys that patterns do not stand for */
};

/* A key alone, behind a dash: known to hosttune are only values. */
static void exclude(struct reader *r, const char *key, struct import_origin *o)
{
	_free_ char *canonical = sysctl_key_canonical(key);
	struct node *n = node_new_null();

	n->at = n->key_at = o->key_at;
	node_set(r->excluded, canonical, n);
	import_omit(r->im, o,
	            "excludes the key from patterns, which a profile cannot (give %s a "
	            "value: it overrides the pattern)",
	            canonical);
}

static void read_line(struct reader *r, char *line, struct place at)
{
	_free_ char *copy = mem_dup(line);
	char *key = line_trim(copy), *value = strchr(key, '=');
	_import_origin_ struct import_origin o = {.key_at = at, .at = at};
	bool dash = *key == '-';

	if (!*key) {
		comments_add_blank(&r->comments);
		return;
	}
	if (*key == '#' || *key == ';') {
		comments_add(&r->comments, key + 1, strlen(key + 1));
		return;
	}
	o.lead = comments_take(&r->comments, &r->im->header);
	o.key_at.col = o.at.col = line_column(copy, key);
	if (value) {
		*value++ = '\0';
		value = line_trim(value);
		o.at.col = line_column(copy, value);
	}
	key = line_trim(key + dash);
	if (value && *key)
		import_sysctl(r->im,
		              &(const struct import_sysctl){
				      .key = key, .value = value, .optional = dash},
		              &o);
	else if (dash && *key)
		exclude(r, key, &o);
	else
		import_omit(r->im, &o, "not \"key = value\": sysctl ignores it");
}

/* --- patterns -------------------------------------------------------------------------
 */

/* The line that excludes a key which the pattern stands for; NULL: none. */
static const struct node *exclusion_of(const struct node *excluded, const char *pattern)
{
	_free_ char *path = sysctl_key_path(pattern);

	node_for_each (key, excluded) {
		_free_ char *key_path = sysctl_key_path(key->key);

		if (fnmatch(path, key_path, FNM_PATHNAME) == 0)
			return key;
	}
	return NULL;
}

/* A pattern without its exclusions would set more keys than the file does. */
static bool import_is_cut(struct node *n, void *arg)
{
	struct reader *r = arg;
	const struct node *by = sysctl_table_is_wildcard(n->key)
	                                ? exclusion_of(r->excluded, n->key)
	                                : NULL;
	_import_origin_ struct import_origin o = {0};

	if (!by)
		return false;
	o = import_origin_of(n);
	import_omit(
		r->im, &o,
		"sysctl %s: line %u excludes a key from this pattern, which a profile "
		"cannot",
		n->key, by->at.line);
	return true;
}

int import_sysctl_conf(struct import *im, const char *file)
{
	_node_ struct node *excluded = node_new(NODE_MAP);
	struct reader r = {.im = im, .excluded = excluded};
	struct node *section;

	for (size_t i = 0; i < im->n_lines; i++)
		read_line(&r, im->lines[i], (struct place){file, (unsigned)i + 1, 1});
	section = node_get(im->tree, "sysctl");
	if (section && excluded->n > 0)
		node_filter(section, import_is_cut, &r);
	import_sysctls_overridden(im);
	mem_set(&im->rest, comments_take_rest(&r.comments));
	return 0;
}
