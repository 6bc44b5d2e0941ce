/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Settings of the kernel's NFS server that can only change while it is stopped. hosttune
 * sets them before it starts a server. For a running server it only reports what differs.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/module/module.h"
#include "nfsd/module.h"
#include "nfsd/pools.h"
#include "nfsd/server.h"
#include "nfsd/setup.h"
#include "nfsd/undo.h"
#include "nfsd/version.h"
#include "resource/kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NFSSVC_MAXBLKSIZE: 1 MiB until 6.16, 4 MiB since; the kernel rounds down to 1 KiB. */
#define BLOCK_MIN 1024
#define BLOCK_MAX (4U << 20)

struct setup {
	struct resource r;
	bool start;
	char *versions_words, *pool_mode;
	unsigned versions;   /* 0: not in the profile */
	uint64_t block_size; /* bytes; 0: not in the profile */

	unsigned kernel; /* NUM_VERSION */
	bool absent;     /* the module is not loaded */
	struct nfsd_server server, had;
};

static const char *const pool_modes[] = {"global", "percpu", "pernode", "auto", NULL};

static void check_versions(const struct node *n, struct diagnostics *diag)
{
	(void)nfsd_version_parse(n, diag);
}

static const struct field fields[] = {
	{.name = "versions",
         .type = FIELD_WORDS,
         .offset = offsetof(struct setup, versions_words),
         .check = check_versions,
         .doc = "NFS versions to serve, all others are disabled; set while the server is "
                "stopped"},
	{.name = "pool-mode",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct setup, pool_mode),
         .choices = pool_modes,
         .doc = "how threads are divided into pools; set while no server of the node runs"},
	{.name = "max-block-size",
         .type = FIELD_SIZE,
         .offset = offsetof(struct setup, block_size),
         .min = BLOCK_MIN,
         .max = BLOCK_MAX,
         .doc = "largest read or write of a client, a multiple of 1 KiB; set while the "
                "server is stopped"},
	{0},
};

static struct setup *setup_of(struct resource *r)
{
	return CONTAINER_OF(r, struct setup, r);
}

/* What the profile names; 0 or "": nothing. */
static struct nfsd_server wanted_server(const struct setup *s)
{
	struct nfsd_server to = {.versions = s->versions,
	                         .max_block_size = s->block_size};

	if (s->pool_mode)
		(void)snprintf(to.pool_mode, sizeof(to.pool_mode), "%s", s->pool_mode);
	return to;
}

static bool nfsd_setup_parse(struct resource *r, const struct node *n,
                             struct diagnostics *diag)
{
	_diagnostics_ struct diagnostics reported_by_check = {0};
	const struct node *start = node_get(n, "start"),
			  *size = node_get(n, "max-block-size");
	struct setup *s = setup_of(r);
	struct nfsd_server named;

	if (!fields_any(fields, n))
		return false;
	fields_parse(fields, n, s, diag);
	s->versions = nfsd_version_parse(node_get(n, "versions"), &reported_by_check);
	s->start = start && start->type == NODE_SCALAR && start->plain &&
	           strcmp(start->text, "true") == 0;
	if (s->block_size % 1024 != 0)
		diag_error(diag, size->at,
		           "max-block-size \"%s\": must be a multiple of 1 KiB",
		           size->text);
	named = wanted_server(s);
	r->spec.want = nfsd_setup_text(&named, &named);
	return true;
}

static int nfsd_setup_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct setup *s = setup_of(r);
	const struct nfsd_server named = wanted_server(s);
	int code = nfsd_setup_read(h, &named, &s->server, e);

	s->kernel = h->kernel;
	s->absent = code == -ENOENT;
	if (code < 0 && !s->absent)
		return code;
	if (!s->absent)
		r->seen.now = nfsd_setup_text(&named, &s->server);
	return 0;
}

static void nfsd_setup_differences(const struct resource *r, struct differences *ret)
{
	const struct setup *s = CONST_CONTAINER_OF(r, struct setup, r);
	const struct nfsd_server named = wanted_server(s);

	nfsd_setup_compare(&named, &s->server, ret);
}

/* "versions 3, 4.2 (should be 4.2); pool-mode global (should be percpu)"; "": in sync. */
static char *differences_text(const struct setup *s)
{
	_differences_ struct differences d = {0};
	_buf_ struct buf b = {0};

	nfsd_setup_differences(&s->r, &d);
	for (size_t i = 0; i < d.n; i++)
		buf_addf(&b, "%s%s %s (should be %s)", i ? "; " : "", d.list[i].part + 1,
		         d.list[i].live, d.list[i].wanted);
	return buf_take(&b);
}

/* "version 3": what the profile names and no write can change; NULL: nothing. */
static char *kernel_lacks(const struct setup *s)
{
	unsigned lacking = s->absent ? 0 : s->versions & ~s->server.versions_known;
	_free_ char *versions = nfsd_version_text(lacking);

	if (lacking)
		return mem_format("version %s", versions);
	if (s->pool_mode && strcmp(s->pool_mode, "pernode") != 0 &&
	    nfsd_pools_only_per_node(s->kernel) && (s->start || !s->absent))
		return mem_format("pool-mode %s: since Linux 7.3, it is always pernode",
		                  s->pool_mode);
	return NULL;
}

static void nfsd_setup_diff(const struct resource *r, struct change *ret)
{
	const struct setup *s = CONST_CONTAINER_OF(r, struct setup, r);
	_free_ char *lacks = kernel_lacks(s), *text = differences_text(s);

	if (lacks) {
		change_set(ret, STATE_FAILED, REASON_REFUSED_BY_KERNEL,
		           "this kernel's NFS server does not support %s", lacks);
	} else if (!s->absent && s->server.threads > 0) {
		if (!*text)
			return;
		change_set(ret, STATE_PENDING, REASON_NFSD_BUSY,
		           "%s; can only be changed while the server is stopped", text);
		change_remedy(
			ret,
			"stop the NFS server, run hosttune apply, then start the server again");
	} else if (!s->start) {
		change_set(
			ret, STATE_SKIPPED, REASON_NFSD_NOT_RUNNING,
			"can only be set before the server starts, and start is false");
	} else if (s->absent) {
		change_set(ret, s->r.run.waits ? STATE_PENDING : STATE_DRIFT,
		           s->r.run.waits ? REASON_WAITS : REASON_NOT_LOADED,
		           "the nfsd module is not loaded%s",
		           s->r.run.waits ? " yet" : "");
	} else if (*text) {
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "%s", text);
	}
}

static int nfsd_setup_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                            struct err *e)
{
	struct setup *s = setup_of(r);
	struct nfsd_server to = wanted_server(s);
	int code = 0;

	*ret_reason = REASON_REFUSED_BY_KERNEL;
	if (s->absent)
		code = host_module_load(h, "nfsd", e);
	if (code == 0)
		code = nfsd_setup_read(h, &to, &s->had, e);
	return code == 0 ? nfsd_setup_write(h, &to, &to, e) : code;
}

static int nfsd_setup_revert(struct resource *r, struct host *h, struct err *e)
{
	struct setup *s = setup_of(r);
	const struct nfsd_server named = wanted_server(s);
	int code = nfsd_setup_write(h, &named, &s->had, e);

	/* 0 stands for "the first start chooses it", and cannot be written */
	if (code == 0 && s->server.max_block_size != s->had.max_block_size &&
	    !s->had.max_block_size)
		return err_set(e, -ENOTSUP,
		               "max-block-size stays %" PRIu64
		               ": it was unset, and the kernel cannot unset it",
		               s->server.max_block_size);
	return code;
}

static void nfsd_setup_undo_list(const struct resource *r, const struct host *h,
                                 struct undo_values *ret)
{
	const struct setup *s = CONST_CONTAINER_OF(r, struct setup, r);
	static const struct nfsd_server none;
	struct nfsd_server to = wanted_server(s);

	(void)h;
	nfsd_undo_add_setup(s->absent ? &none : &s->server, &to, ret);
}

static const struct undo undo = {
	.list = nfsd_setup_undo_list,
	.read = nfsd_undo_read,
	.write = nfsd_undo_write,
	.command = nfsd_undo_command,
};

/* Only of a running server; kind_nfsd reports when none runs. */
static bool setup_capture(const struct resource *r, const struct host *h,
                          struct node *section, struct diagnostics *diag)
{
	const struct setup *s = CONST_CONTAINER_OF(r, struct setup, r);
	const struct nfsd_server named = wanted_server(s);

	(void)h;
	(void)diag;
	if (s->absent || s->server.threads == 0)
		return true;
	nfsd_setup_capture(&named, &s->server, section);
	return true;
}

const struct kind kind_nfsd_setup = {
	.name = "nfsd-setup",
	.section = "nfsd",
	.title = "nfsd",
	.doc = "the kernel's NFS server",
	.page = "docs/nfsd.md",
	.shape = SECTION_OBJECT,
	.fields = fields,
	.after = "module",
	.comes_with = nfsd_comes_with,
	.flags = KIND_HOST_NETNS,
	.size = sizeof(struct setup),
	.parse = nfsd_setup_parse,
	.observe = nfsd_setup_observe,
	.diff = nfsd_setup_diff,
	.capabilities = nfsd_capabilities,
	.differences = nfsd_setup_differences,
	.apply = nfsd_setup_apply,
	.revert = nfsd_setup_revert,
	.undo = &undo,
	.capture = setup_capture,
};
