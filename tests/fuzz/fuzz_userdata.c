/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as the user data of a bootstrap container: text recognised as gzip, base64 or
 * TOML is never a valid profile, and an embedded profile loads as the same profile.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/base64.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/sniff.h"
#include "doc/toml.h"
#include "doc/yaml.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/userdata.h"
#include "profile/validate.h"

#include <string.h>

FUZZ_MUTATES_TREES

static const struct facts nowhere = {.unknown = true};
static const char *const names[] = {"-"};

static int load(struct profile *p, const void *data, size_t size)
{
	_diagnostics_ struct diagnostics diag = {0};

	fuzz_stdin(data, size);
	return profile_load(p, names, 1, NULL, &nowhere, &diag);
}

/* Without the check for disguises the parser must report an error, too. */
static void assert_no_profile(const char *text, size_t len)
{
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *root = node_yaml_parse(text, len, "fuzz", &diag);

	if (root)
		(void)validate_tree(root, &diag);
	assert(diag_count_errors(&diag) > 0);
}

static void assert_disguises(const uint8_t *data, size_t size)
{
	const char *reported = sniff_format((const char *)data, size);
	_free_ char *encoded = base64_encode(data, size);

	if (reported)
		assert_no_profile((const char *)data, size);
	assert(strlen(encoded) == (size + 2) / 3 * 4);
	if (size >= 12) {
		reported = sniff_format(encoded, strlen(encoded));
		assert(reported && strncmp(reported, "base64", 6) == 0);
	}
}

static bool same_text(const char *a, const char *b)
{
	return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* Compare values and resources; a plain text such as ".1." may have gained quotes. */
static void assert_same(const struct profile *a, const struct profile *b)
{
	assert(a->tree->n == b->tree->n);
	node_for_each (section, a->tree) {
		const struct node *other = node_get(b->tree, section->key);
		_free_ char *x = node_json_line(section),
			    *y = other ? node_json_line(other) : NULL;

		assert(same_text(x, y));
	}
	assert(a->n == b->n && a->persist == b->persist);
	for (size_t i = 0; i < a->n; i++) {
		const struct resource *x = a->resources[i], *y = b->resources[i];

		assert(x->kind == y->kind && same_text(x->name, y->name));
		assert(same_text(x->spec.want, y->spec.want) &&
		       x->spec.no_persist == y->spec.no_persist);
	}
}

static void assert_round_trip(const struct profile *p)
{
	_free_ char *text = NULL, *rest = NULL, *toml = NULL;
	_node_ struct node *native = userdata_native(p, &rest);
	struct profile again;
	struct err e;
	int r = userdata_embed(p, names, 1, false, &text, &e);

	assert(r == 0);
	r = load(&again, text, strlen(text));
	assert(r == 0);
	assert_same(p, &again);
	profile_done(&again);
	toml = node_toml_format(native);
	assert(strlen(toml) == 0 || toml[strlen(toml) - 1] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile p;

	assert_disguises(data, size);
	if (load(&p, data, size) == 0)
		assert_round_trip(&p);
	profile_done(&p);
	return 0;
}
