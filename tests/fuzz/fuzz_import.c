/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as a file of another tool: what is imported is printed as a valid profile
 * with the same resources.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"
#include "import/import.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "report/profiles/profiles.h"

#include <string.h>

static void assert_same(const struct profile *a, const struct profile *b)
{
	assert(a->n == b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct resource *x = a->resources[i], *y = b->resources[i];

		assert(x->kind == y->kind && strcmp(x->name, y->name) == 0);
		assert(strcmp(x->spec.want, y->spec.want) == 0);
		assert(x->spec.optional == y->spec.optional);
	}
}

/* As text, the profile is read like any other. What several formats give is read once. */
static void assert_printed(const struct import *im, char **seen)
{
	static const struct facts nowhere = {.unknown = true};
	static const char *const names[] = {"-"};
	_diagnostics_ struct diagnostics diag = {0};
	_free_ char *text = NULL;
	struct profile taken, loaded;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert(out);
	report_import(im, out);
	assert(fclose(out) == 0);
	/* comments and quotes may exceed the limit for a profile */
	if (len > 1024 * 1024 || (*seen && strcmp(*seen, text) == 0))
		return;
	mem_set(seen, mem_dup(text));
	fuzz_stdin(text, len);
	assert(profile_load(&loaded, names, 1, NULL, &nowhere, &diag) == 0);
	assert(profile_take(&taken, node_copy(im->tree), NULL, &diag) == 0);
	assert_same(&taken, &loaded);
	profile_done(&taken);
	profile_done(&loaded);
}

static void assert_json(const struct import *im)
{
	_free_ char *text = NULL;
	_node_ struct node *all = NULL;
	struct err e;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert(out);
	report_import_json(im, out);
	assert(fclose(out) == 0);
	all = node_json_parse(text, len, &e);
	assert(all && node_get(all, "omitted")->n == im->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_buf_ struct buf text = {0};
	_free_ char *seen = NULL;

	/* the text may contain NUL bytes, and ends in one that is not counted */
	buf_add_n(&text, (const char *)data, size);
	for (enum import_format f = IMPORT_AUTO; f <= IMPORT_BOTTLEROCKET; f++) {
		_diagnostics_ struct diagnostics diag = {0};
		struct import im;

		if (import_read(&im, text.text, size, "fuzz", f, &diag) == 0) {
			assert_printed(&im, &seen);
			if (f == IMPORT_AUTO)
				assert_json(&im);
		} else {
			assert(diag_count_errors(&diag) > 0);
		}
		import_done(&im);
	}
	return 0;
}
