/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/writable.h"

#include "base/text/utf8.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <string.h>

const char *profile_unwritable(const struct node *n, unsigned depth)
{
	if (depth > NODE_YAML_DEPTH_MAX)
		return "is nested too deeply for a profile";
	if (n->key && !utf8_all_printable(n->key))
		return "has a name that YAML cannot hold";
	if (n->type == NODE_SCALAR && strncmp(n->text, "= ", 2) == 0)
		return "begins with \"= \", which a profile reads as a formula";
	if (n->type == NODE_SCALAR && !utf8_all_printable(n->text))
		return "has a character that YAML cannot hold";
	node_for_each (item, n) {
		const char *fault = profile_unwritable(item, depth + 1);

		if (fault)
			return fault;
	}
	return NULL;
}
