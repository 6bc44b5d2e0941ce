/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a bundle was made to hold: the difference between absent and unknown. */
#include "bundle/cover.h"

#include "bundle/bundle.h"
#include "doc/node.h"

#include <fnmatch.h>
#include <string.h>

#define ALL_BELOW "/**"

/* The length of the pattern's directory if it ends in "/" "**"; else 0. */
static size_t tree_length(const char *pattern)
{
	size_t len = strlen(pattern);

	return len > 3 && strcmp(pattern + len - 3, ALL_BELOW) == 0 ? len - 3 : 0;
}

/* The length of the first `parts` parts of a path: "/proc/sys" has two. */
static size_t head_length(const char *path, unsigned parts)
{
	const char *p = path;

	while (*p && parts--)
		p += 1 + strcspn(p + 1, "/");
	return (size_t)(p - path);
}

static unsigned count_parts(const char *path)
{
	unsigned n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* Whether the first `len` bytes of the pattern match the path. */
static bool head_matches(const char *pattern, size_t len, const char *path)
{
	char head[BUNDLE_PATH_MAX];

	if (len >= sizeof(head))
		return false;
	memcpy(head, pattern, len);
	head[len] = '\0';
	return fnmatch(head, path, FNM_PATHNAME) == 0;
}

static bool pattern_matches(const char *pattern, const char *path)
{
	char head[BUNDLE_PATH_MAX];
	size_t tree = tree_length(pattern), len;

	if (!tree)
		return fnmatch(pattern, path, FNM_PATHNAME) == 0;
	/* the directory itself, or anything below it */
	len = head_length(path, count_parts(pattern) - 1);
	if (len >= sizeof(head))
		return false;
	memcpy(head, path, len);
	head[len] = '\0';
	return head_matches(pattern, tree, head);
}

/* Whether the pattern makes all names in the directory `path` known. */
static bool pattern_lists(const char *pattern, const char *path)
{
	unsigned parts = count_parts(path);
	size_t len = head_length(pattern, parts);

	if (tree_length(pattern) && pattern_matches(pattern, path))
		return true;
	return strncmp(pattern + len, "/*", 2) == 0 && head_matches(pattern, len, path);
}

bool bundle_matches(const struct node *patterns, const char *path)
{
	if (patterns)
		node_for_each (p, patterns)
			if (p->type == NODE_SCALAR && pattern_matches(p->text, path))
				return true;
	return false;
}

bool bundle_lists(const struct node *patterns, const char *path)
{
	if (patterns)
		node_for_each (p, patterns)
			if (p->type == NODE_SCALAR && pattern_lists(p->text, path))
				return true;
	return false;
}
