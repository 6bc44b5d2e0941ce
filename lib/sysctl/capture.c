/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/capture.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "resource/kind.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/value.h"

#include <errno.h>
#include <string.h>

/*
 * Read the value in effect of the key that makes this one read 0, owned by the caller; ""
 * if that is 0 or does not exist, NULL if this key has its own value.
 * Return: 0; -errno: it is unknown which of the two is in effect.
 */
static int read_instead(const struct sysctl_known *known, const char *now,
                        const struct host *h, char **ret, struct err *e)
{
	_free_ char *path = NULL;
	char *text = NULL;
	int r;

	*ret = NULL;
	if (!known || !known->excludes || strcmp(now, "0") != 0)
		return 0;
	path = sysctl_key_path(known->excludes);
	r = host_file_read_line(h, path, &text, e);
	if (r < 0 && r != -ENOENT)
		return r;
	if (!text || strcmp(text, "0") == 0)
		mem_set(&text, mem_dup(""));
	*ret = text;
	return 0;
}

bool sysctl_capture(const struct resource *r, const struct host *h, struct node *section,
                    struct diagnostics *diag)
{
	const struct sysctl_known *known = sysctl_known_find(r->name);
	_free_ char *instead = NULL;
	struct err e;

	if (!r->seen.now)
		return false;
	if (read_instead(known, r->seen.now, h, &instead, &e) < 0) {
		diag_note(diag, r->spec.at, "sysctl %s: is 0, and %s is unknown: %s",
		          r->name, known->excludes, e.text);
	} else if (instead && *instead) {
		diag_note(diag, r->spec.at, "sysctl %s: %s is in effect instead", r->name,
		          known->excludes);
		node_set(section, known->excludes, sysctl_value_node(instead));
	} else if (instead && known->min > 0) {
		diag_note(diag, r->spec.at, "sysctl %s: is 0, which cannot be written",
		          r->name);
	} else if (!sysctl_value_is_text(r->seen.now)) {
		diag_note(diag, r->spec.at, "sysctl %s: its value is empty or not ASCII",
		          r->name);
	} else {
		node_set(section, r->name, sysctl_value_node(r->seen.now));
	}
	return true;
}
