/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Bottlerocket settings: user data in TOML, or JSON as "apiclient get settings" prints.
 */
#include "import/formats.h"
#include "import/sysctl.h"

#include "base/mem.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "import/withheld.h"
#include "settings/check.h"

#include <string.h>

static void append_rest(struct import *im, struct node *n)
{
	if (!n->lead)
		return;
	mem_set(&im->rest, mem_format("%s%s", im->rest ? im->rest : "", n->lead));
	mem_set(&n->lead, NULL);
}

/* --- what becomes another section -----------------------------------------------------
 */

static void take_sysctls(struct import *im, struct node *kernel)
{
	struct node *sysctls = node_get(kernel, "sysctl");

	if (!sysctls || sysctls->type != NODE_MAP)
		return;
	if (sysctls->n > 0)
		mem_set(&import_section(im, "sysctl")->lead, TAKE_PTR(sysctls->lead));
	node_for_each (n, sysctls) {
		_import_origin_ struct import_origin o = import_origin_of(n);

		if (n->type == NODE_SCALAR)
			import_sysctl(im,
			              &(const struct import_sysctl){.key = n->key,
			                                            .value = n->text},
			              &o);
		else
			import_omit(
				im, &o,
				"setting kernel.sysctl.%s: is %s, not a string (quote "
				"the key)",
				n->key, node_type_name(n));
	}
	node_remove(kernel, "sysctl");
}

static bool is_true(const struct node *module, const char *key)
{
	const struct node *n = node_get(module, key);

	return n && n->type == NODE_SCALAR && strcmp(n->text, "true") == 0;
}

/* Only a module that is loaded at boot is one for a profile. */
static bool take_module(struct node *n, void *arg)
{
	struct import *im = arg;
	_import_origin_ struct import_origin o = {0};

	if (n->type != NODE_MAP || n->n != 2 || !is_true(n, "allowed") ||
	    !is_true(n, "autoload"))
		return false;
	o = import_origin_of(n);
	node_for_each (member, n)
		if (member->lead)
			mem_set(&o.lead,
			        mem_format("%s%s", o.lead ? o.lead : "", member->lead));
	import_module(im, n->key, &o);
	return true;
}

static bool drop_empty_settings(struct node *n, void *arg)
{
	if (n->type != NODE_MAP)
		return false;
	node_filter(n, drop_empty_settings, arg);
	if (n->n == 0)
		append_rest(arg, n);
	return n->n == 0;
}

/* --- the file -------------------------------------------------------------------------
 */

/* "os" and the like: "apiclient get" prints more than settings. */
static void omit_others(struct import *im, const struct node *root)
{
	node_for_each (n, root) {
		_import_origin_ struct import_origin o = {.key_at = n->key_at,
		                                          .at = n->key_at};

		if (strcmp(n->key, "os") == 0)
			import_ignore(im, &o, "\"os\": describes the node");
		else if (strcmp(n->key, "settings") != 0)
			import_omit(im, &o, "\"%s\": not below \"settings\"", n->key);
	}
}

/* The settings, owned by the caller; NULL, reported: the file has none. */
static struct node *find_settings(struct import *im, struct node *root,
                                  struct diagnostics *diag)
{
	const struct node *settings = node_get(root, "settings");
	bool bare = false;

	if (settings && settings->type == NODE_MAP) {
		omit_others(im, root);
		return node_swap(root, "settings", node_new_null());
	}
	if (root->type == NODE_MAP)
		node_for_each (n, root)
			bare |= setting_is_group(n->key);
	/* as "apiclient set --json" reads them */
	if (bare)
		return node_copy(root);
	diag_error(diag, root->at,
	           "no \"settings\" in it: not Bottlerocket settings (--from sysctl or "
	           "tuned, if it is another file)");
	return NULL;
}

int import_bottlerocket(struct import *im, const char *text, size_t len, const char *file,
                        struct diagnostics *diag)
{
	bool json = text[strspn(text, " \t\r\n")] == '{';
	_node_ struct node *root =
		json ? confined_json_parse_placed(text, len, file, im->until, diag)
		     : confined_toml_parse(text, len, file, im->until, diag);
	struct node *settings = root ? find_settings(im, root, diag) : NULL;
	struct node *kernel, *modules;

	if (!settings || diag_count_errors(diag) > 0) {
		node_free(settings);
		return -1;
	}
	mem_set(&im->header, TAKE_PTR(root->lead));
	mem_set(&im->rest, TAKE_PTR(root->comment));
	withhold(im, settings);
	kernel = node_get(settings, "kernel");
	modules = node_get(kernel, "modules");
	if (modules && modules->type == NODE_MAP)
		node_filter(modules, take_module, im);
	if (kernel)
		take_sysctls(im, kernel);
	node_filter(settings, drop_empty_settings, im);
	node_set(im->tree, "settings", settings);
	return 0;
}
