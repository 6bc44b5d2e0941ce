/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bundle/bundle.h"

#include "base/mem.h"
#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

struct bundle *bundle_new(void)
{
	struct bundle *b = mem_new(1, sizeof(*b));

	b->manifest = node_new(NODE_MAP);
	return b;
}

void bundle_free(struct bundle *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++) {
		free(b->files[i].path);
		free(b->files[i].data);
	}
	for (size_t i = 0; i < b->n_lacked; i++)
		free(b->lacked[i]);
	free(b->files);
	free(b->lacked);
	node_free(b->manifest);
	free(b);
}

void bundle_freep(struct bundle **b)
{
	bundle_free(*b);
}

void bundle_add(struct bundle *b, const char *path, char *data, size_t len)
{
	b->files = mem_grow(b->files, &b->cap, b->n, sizeof(*b->files));
	b->files[b->n++] = (struct bundle_file){mem_dup(path), data, len};
	b->bytes += len;
}

static int bundle_compare(const void *a, const void *b)
{
	const struct bundle_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

const char *bundle_seal(struct bundle *b)
{
	size_t kept = 0;

	if (b->n)
		qsort(b->files, b->n, sizeof(*b->files), bundle_compare);
	for (size_t i = 1; i < b->n; i++)
		if (bundle_compare(&b->files[i - 1], &b->files[i]) == 0 &&
		    (b->files[i - 1].data || b->files[i].data))
			return b->files[i].path;
	/* directories may be there twice */
	for (size_t i = 0; i < b->n; i++)
		if (kept && bundle_compare(&b->files[kept - 1], &b->files[i]) == 0)
			free(b->files[i].path);
		else
			b->files[kept++] = b->files[i];
	b->n = kept;
	return NULL;
}

struct node *bundle_part(struct bundle *b, const char *name)
{
	return node_get_map(b->manifest, name);
}
