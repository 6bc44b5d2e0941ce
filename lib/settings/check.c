/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "settings/check.h"

#include "base/diagnostics.h"
#include "base/macro.h"
#include "bottlerocket/rendered.h"
#include "doc/node.h"

#include <string.h>

#define NAME_MAX_BYTES 255 /* the API's limit for a whole key */

/* Of the models of all variants, without those that hold a single value. */
static const char *const groups[] = {
	"autoscaling",
	"aws",
	"bootstrap-commands",
	"boot",
	"bootstrap-containers",
	"cloudformation",
	"container-registry",
	"container-runtime",
	"dns",
	"ecs",
	"host-containers",
	"kernel",
	"kubernetes",
	"metrics",
	"network",
	"ntp",
	"oci-defaults",
	"oci-hooks",
	"pki",
	"updates",
};

static bool is_group(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		if (strlen(groups[i]) == len && strncmp(groups[i], name, len) == 0)
			return true;
	return false;
}

bool setting_is_group(const char *name)
{
	return is_group(name, strlen(name));
}

/* A dotted name was written as one key: "kernel.lockdown". */
static bool is_dotted_name(const char *key)
{
	size_t len = strcspn(key, ".");

	return key[len] && is_group(key, len);
}

static const char *segment_fault(char *const *path, size_t i, enum setting_form form)
{
	const char *segment = path[i];

	if (!*segment)
		return "has an empty part";
	if (i == 0 && strcmp(segment, "settings") == 0)
		return "the section is named settings already (remove this level)";
	if (i == 0 && is_dotted_name(segment))
		return "a key of the section has no dots (write nested keys: kernel: "
		       "{lockdown: none})";
	/* a registry is not part of the key that the API stores */
	if (form == SETTING_MIRROR && i == 2)
		return NULL;
	if (segment[strspn(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789_./-")])
		return "a name can only contain letters, digits, _ . / and -";
	return NULL;
}

const char *setting_name_fault(char *const *path, enum setting_form form,
                               const char *name)
{
	const char *fault = NULL;

	for (size_t i = 0; path[i] && !fault; i++)
		fault = segment_fault(path, i, form);
	if (!fault && strlen(name) > NAME_MAX_BYTES)
		fault = "is longer than 255 bytes";
	return fault;
}

static bool is_null(const struct node *n)
{
	return n->plain &&
	       (!*n->text || strcmp(n->text, "~") == 0 || strcmp(n->text, "null") == 0);
}

static const char *text_fault(enum setting_form form, const struct node *n)
{
	if (is_null(n))
		return "the API cannot unset a setting (remove the key)";
	for (const char *p = n->text; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "a value must not contain control characters, such as a "
			       "line feed";
		if (form == SETTING_BOOT && (unsigned char)*p > 0x7f)
			return "a boot parameter can only contain ASCII characters";
	}
	return NULL;
}

void setting_value_check(const struct setting_at *s, const struct node *n,
                         struct diagnostics *diag)
{
	const char *fault = n->type == NODE_SCALAR ? text_fault(s->form, n) : NULL;
	const char *broken =
		n->type == NODE_SCALAR ? rendered_fault(s->path, n->text) : NULL;

	if (n->type == NODE_MAP && n->n == 0)
		fault = "an empty mapping has no effect (remove the key)";
	if (fault)
		diag_error(diag, n->at, "setting %s: %s", s->name, fault);
	else if (broken)
		diag_error(diag, n->at,
		           "setting %s: a double quote or a backslash would break %s",
		           s->name, broken);
	node_for_each (item, n)
		setting_value_check(s, item, diag);
}
