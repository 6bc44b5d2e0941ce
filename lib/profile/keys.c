/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/keys.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "profile/waive.h"
#include "resource/kinds.h"
#include "resource/shape.h"

#include <string.h>

static const char *const versions[] = {"1", NULL};

static const char *const on_failure[] = {"fail", "continue", NULL};

const struct field profile_keys[] = {
	{.name = "version",
         .type = FIELD_CHOICE,
         .choices = versions,
         .required = true,
         .doc = "version of the profile format"},
	{.name = "name", .type = FIELD_TEXT, .doc = "name of the profile"},
	{.name = "description", .type = FIELD_TEXT, .doc = "purpose of the profile"},
	{.name = "persist",
         .type = FIELD_BOOL,
         .doc = "also keep it for the next boot: in the Bottlerocket settings, or else in "
                "files (default: true, as far as the host can)"},
	{.name = "on-failure",
         .type = FIELD_CHOICE,
         .choices = on_failure,
         .doc = "what apply does after a failure: fail rolls everything back (default); "
                "continue applies what it can and exits 0, for a node that must boot"},
	{.name = "include",
         .type = FIELD_WORDS,
         .doc = "built-in profiles, or paths relative to this file; this file overrides "
                "them"},
	{.name = "unset",
         .type = FIELD_WORDS,
         .doc = "names of sysctls, modules or storage items, or nfsd, to drop from what is "
                "included"},
	{.name = "waive",
         .type = FIELD_ITEMS,
         .fields = waive_keys,
         .doc = "differences that are agreed until a day: an audit shows them and does not "
                "count them, and apply does not change them"},
	{0},
};

const struct field profile_item_keys[] = {
	{.name = "name",
         .type = FIELD_TEXT,
         .required = true,
         .doc = "identifies the item when profiles are merged, at most 64 bytes"},
	{0},
};

static bool is_bool(const struct node *n)
{
	return n->plain &&
	       (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0);
}

static bool list_of_names_fault(const struct node *n, const char *what,
                                struct diagnostics *diag)
{
	_free_ char *shape = shape_list(n->key, n);
	size_t before = diag->n;

	if (n->type != NODE_LIST)
		diag_error(diag, n->at,
		           "%s: is %s, should be a list of %s (write \"%s\")", n->key,
		           node_type_name(n), what, shape);
	node_for_each (item, n)
		if (item->type != NODE_SCALAR || !*item->text ||
		    strcmp(item->text, "-") == 0)
			diag_error(diag, item->at, "%s: each item should be a name",
			           n->key);
	return diag->n > before;
}

bool profile_key_fault(struct node *n, struct diagnostics *diag)
{
	_free_ char *shape = shape_scalar(n->key, n);

	if (strcmp(n->key, "include") == 0)
		return list_of_names_fault(n, "profiles", diag);
	if (strcmp(n->key, "waive") == 0)
		return waive_fault(n, diag);
	if (strcmp(n->key, "unset") == 0)
		return list_of_names_fault(n, "names", diag);
	if (n->type != NODE_SCALAR)
		diag_error(diag, n->at,
		           "%s: is %s, should be a single value (write \"%s\")", n->key,
		           node_type_name(n), shape);
	else if (strcmp(n->key, "version") == 0 && strcmp(n->text, "1") != 0)
		diag_error(diag, n->at, "version \"%s\": unknown (supported: 1)",
		           n->text);
	else if (strcmp(n->key, "persist") == 0 && !is_bool(n))
		diag_error(diag, n->at, "persist \"%s\": should be true or false",
		           n->text);
	else if (strcmp(n->key, "on-failure") == 0 && strcmp(n->text, "fail") != 0 &&
	         strcmp(n->text, "continue") != 0)
		diag_error(diag, n->at, "on-failure \"%s\": should be fail or continue",
		           n->text);
	else
		return false;
	return true;
}

bool profile_key_is(const char *key)
{
	for (const struct field *f = profile_keys; f->name; f++)
		if (strcmp(f->name, key) == 0)
			return true;
	return false;
}

void profile_key_unknown(const struct node *n, struct diagnostics *diag)
{
	struct suggest near = {.typed = n->key};
	_buf_ struct buf all = {0};

	for (const struct field *f = profile_keys; f->name; f++) {
		suggest_offer(&near, f->name);
		buf_join(&all, ", ", f->name);
	}
	for (const struct kind *const *k = kinds; *k; k++) {
		suggest_offer(&near, (*k)->section);
		if (kinds_find((*k)->section) == *k)
			buf_join(&all, ", ", (*k)->section);
	}
	if (near.best)
		diag_error(diag, n->key_at, "unknown key \"%s\" (did you mean \"%s\"?)",
		           n->key, near.best);
	else
		diag_error(diag, n->key_at, "unknown key \"%s\" (one of: %s)", n->key,
		           all.text);
}
