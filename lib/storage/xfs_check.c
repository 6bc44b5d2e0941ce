/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/xfs_check.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "storage/xfs_mkfs.h"

#include <string.h>

void xfs_check_label(const char *label, struct place at, const char *hint,
                     struct diagnostics *diag)
{
	if (strlen(label) > XFS_LABEL_MAX)
		diag_error(diag, at,
		           "label \"%s\": is longer than %d bytes, the limit of XFS%s",
		           label, XFS_LABEL_MAX, hint);
	for (const char *p = label; *p; p++) {
		if (*p > 0x20 && *p < 0x7f && *p != '"' && *p != '/')
			continue;
		diag_error(diag, at,
		           "label: must be ASCII without spaces, quotes and slashes%s",
		           hint);
		return;
	}
}

void xfs_check_label_template(const struct node *n, struct diagnostics *diag)
{
	_free_ char *text = mem_dup(n->text);
	char *open, *close;

	while ((open = strchr(text, '{')) && (close = strchr(open, '}')))
		memmove(open, close + 1, strlen(close + 1) + 1);
	xfs_check_label(text, n->at, "", diag);
}

void xfs_check_power_of_2(const struct node *n, struct diagnostics *diag)
{
	uint64_t size;

	if (num_size(n->text, &size) == 0 && (size & (size - 1)) != 0)
		diag_error(diag, n->at, "%s \"%s\": must be a power of two", n->key,
		           n->text);
}

void xfs_check_blocks(const struct node *n, struct diagnostics *diag)
{
	uint64_t size;

	if (num_size(n->text, &size) == 0 && size % XFS_BLOCK_BYTES != 0)
		diag_error(diag, n->at, "%s \"%s\": must be a multiple of %d", n->key,
		           n->text, XFS_BLOCK_BYTES);
}

void xfs_check_mkfs(const struct node *n, struct diagnostics *diag)
{
	if (!node_get(n, "su") != !node_get(n, "sw"))
		diag_error(diag, n->at, "mkfs: su and sw must be set together");
}
