/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/setup.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "nfsd/server.h"
#include "nfsd/version.h"
#include "resource/difference.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* "" for 0. Owned by the caller. */
static char *size_text(uint64_t bytes)
{
	return bytes ? mem_format("%" PRIu64, bytes) : mem_dup("");
}

char *nfsd_setup_text(const struct nfsd_server *named, const struct nfsd_server *s)
{
	_free_ char *versions = nfsd_version_text(s->versions);
	_free_ char *size = size_text(s->max_block_size);
	const struct {
		bool named;
		const char *what, *value;
	} parts[] = {{named->versions, "versions", versions},
	             {*named->pool_mode, "pool-mode", s->pool_mode},
	             {named->max_block_size, "max-block-size", size}};
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].named)
			buf_addf(&b, "%s%s %s", b.len ? "; " : "", parts[i].what,
			         *parts[i].value ? parts[i].value : "unknown");
	return buf_take(&b);
}

static void add_part(struct differences *d, const char *part, const char *now,
                     const char *wanted)
{
	if (strcmp(now, wanted) != 0)
		difference_add(d, mem_dup(part), mem_dup(*now ? now : "unknown"),
		               mem_dup(wanted));
}

void nfsd_setup_compare(const struct nfsd_server *named, const struct nfsd_server *now,
                        struct differences *ret)
{
	_free_ char *versions = nfsd_version_text(now->versions);
	_free_ char *wanted = nfsd_version_text(named->versions);
	_free_ char *size = size_text(now->max_block_size);
	_free_ char *wanted_size = size_text(named->max_block_size);

	if (named->versions)
		add_part(ret, " versions", versions, wanted);
	if (*named->pool_mode)
		add_part(ret, " pool-mode", now->pool_mode, named->pool_mode);
	if (named->max_block_size)
		add_part(ret, " max-block-size", size, wanted_size);
}

int nfsd_setup_read(const struct host *h, const struct nfsd_server *named,
                    struct nfsd_server *ret, struct err *e)
{
	int code = nfsd_server_observe(h, ret, e);

	if (code == 0 && *named->pool_mode)
		code = nfsd_server_check_pool_mode(ret, e);
	if (code == 0 && named->max_block_size)
		code = nfsd_server_read_block_size(h, ret, e);
	/* a server that runs: it takes no other size, so that nothing is written */
	return code == -EBUSY && ret->threads > 0 ? 0 : code;
}

int nfsd_setup_write(struct host *h, const struct nfsd_server *named,
                     const struct nfsd_server *to, struct err *e)
{
	struct err errs[3];
	int codes[3] = {0};

	if (named->versions && to->versions)
		codes[0] = nfsd_server_set_versions(h, to->versions, &errs[0]);
	if (*named->pool_mode && *to->pool_mode)
		codes[1] = nfsd_server_set_pool_mode(h, to->pool_mode, &errs[1]);
	if (named->max_block_size && to->max_block_size)
		codes[2] =
			nfsd_server_set_max_block_size(h, to->max_block_size, &errs[2]);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i] == 0)
			continue;
		*e = errs[i];
		return codes[i];
	}
	return 0;
}

static struct node *version_list(unsigned versions)
{
	struct node *list = node_new(NODE_LIST);
	_free_ char *text = nfsd_version_text(versions);
	char *rest = text, *word;

	/* as text: as a number, some readers would turn 4.1 into 4.0999 */
	while ((word = strsep(&rest, ", ")))
		if (*word)
			node_append(list, node_new_text(word));
	return list;
}

void nfsd_setup_capture(const struct nfsd_server *named, const struct nfsd_server *now,
                        struct node *section)
{
	if (named->versions && now->versions)
		node_set(section, "versions", version_list(now->versions));
	if (*named->pool_mode && *now->pool_mode)
		node_set(section, "pool-mode", node_new_word(now->pool_mode));
	if (named->max_block_size && now->max_block_size)
		node_set(section, "max-block-size", node_new_uint(now->max_block_size));
}
