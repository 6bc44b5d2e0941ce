/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/version.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "nfsd/state.h"

#include <stdlib.h>
#include <string.h>

/* Kernels have dropped version 2, so a profile cannot ask for it. */
static const struct {
	const char *word;
	unsigned version;
	bool wanted;
} list[] = {{"2", NFSD_V2, false},
            {"3", NFSD_V3, true},
            {"4.0", NFSD_V4_0, true},
            {"4.1", NFSD_V4_1, true},
            {"4.2", NFSD_V4_2, true}};

unsigned nfsd_version_parse(const struct node *names, struct diagnostics *diag)
{
	unsigned versions = 0;

	if (!names || names->type != NODE_LIST)
		return 0;
	if (names->n == 0)
		diag_error(diag, names->at, "versions: must name at least one version");
	node_for_each (item, names) {
		unsigned found = 0;

		for (size_t i = 0; item->type == NODE_SCALAR && i < ARRAY_SIZE(list); i++)
			if (list[i].wanted && strcmp(item->text, list[i].word) == 0)
				found = list[i].version;
		if (!found && item->type == NODE_SCALAR)
			diag_error(diag, item->at,
			           "versions \"%s\": unknown (one of: 3, 4.0, 4.1, 4.2)",
			           item->text);
		versions |= found;
	}
	return versions;
}

char *nfsd_version_text(unsigned versions)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (versions & list[i].version)
			buf_join(&b, ", ", list[i].word);
	return b.len ? buf_take(&b) : mem_dup("none");
}

static unsigned nfsd_version_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		if (strcmp(word, list[i].word) == 0)
			return list[i].version;
	return 0;
}

unsigned nfsd_version_of_text(const char *text)
{
	_free_ char *copy = mem_dup(text);
	char *rest = copy, *word;
	unsigned versions = 0;

	while ((word = strsep(&rest, ", "))) {
		unsigned version = *word ? nfsd_version_of(word) : 0;

		if (*word && !version)
			return 0;
		versions |= version;
	}
	return versions;
}
