/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The number of threads of the kernel's NFS server. Writing it starts a server that
 * does not run, and opens port 2049: done only if the profile says start: true.
 */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/host_file.h"
#include "host/host_module.h"
#include "host/host_nfsd.h"
#include "kinds/kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_MAX                                                        \
	8192 /* NFSD_MAXSERVS in fs/nfsd/nfssvc.c: the kernel clamps to it \
	      */
#define POOL_MODE "/sys/module/sunrpc/parameters/pool_mode"

struct nfsd {
	struct resource r;
	uint64_t threads;
	bool start;
	char *versions;  /* "4.1,4.2"; NULL: as the kernel has them */
	char *pool_mode; /* NULL: as it is */

	bool absent;  /* the module is not loaded */
	bool mounted; /* by us, for a server that we start */
	char *now_versions, *now_pool_mode;
	char *had_pool_mode; /* before the start; NULL: not touched */
};

/* Versions a profile may name; 4 and its minors are switched one by one. */
static const char *const known_versions[] = {"3", "4.0", "4.1", "4.2"};

static const char *const pool_modes[] = {"global", "percpu", "pernode", "auto", NULL};

static void check_versions(const struct node *n, struct problems *ps)
{
	if (n->n == 0)
		problems_add(ps, n->at, "versions: a server without any serves nothing");
	node_for_each (item, n) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(known_versions); i++)
			known |= strcmp(item->text, known_versions[i]) == 0;
		if (!known)
			problems_add(
				ps, item->at,
				"versions \"%s\": not known (one of: 3, 4.0, 4.1, 4.2)",
				item->text);
	}
}

static const struct field fields[] = {
	{.name = "threads",
         .type = FIELD_UINT,
         .offset = offsetof(struct nfsd, threads),
         .min = 1,
         .max = THREADS_MAX,
         .required = true,
         .doc = "threads of the server, all pools together"},
	{.name = "start",
         .type = FIELD_BOOL,
         .offset = offsetof(struct nfsd, start),
         .doc = "true: start the server; false: pin it if it runs (default)"},
	{.name = "versions",
         .type = FIELD_WORDS,
         .offset = offsetof(struct nfsd, versions),
         .check = check_versions,
         .doc = "NFS versions to serve, the others off; set while the server is stopped"},
	{.name = "pool-mode",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct nfsd, pool_mode),
         .choices = pool_modes,
         .doc = "how threads are divided; set while the server is stopped"},
	{0},
};

static struct nfsd *nfsd_of(struct resource *r)
{
	return CONTAINER_OF(r, struct nfsd, r);
}

static bool parse(struct resource *r, const struct node *n, struct problems *ps)
{
	struct nfsd *s = nfsd_of(r);

	fields_parse(fields, n, s, ps);
	r->want = mem_format("%" PRIu64, s->threads);
	return true;
}

static int observe(struct resource *r, const struct host *h, struct err *e)
{
	struct nfsd *s = nfsd_of(r);
	struct err ignored;
	int code = host_nfsd_read(h, "threads", &r->now, e);

	mem_set(&s->now_versions, NULL);
	mem_set(&s->now_pool_mode, NULL);
	s->absent = code == -ENOENT;
	if (s->absent)
		return 0;
	if (code == 0 && s->versions)
		code = host_nfsd_read(h, "versions", &s->now_versions, e);
	if (code == 0 && s->pool_mode)
		(void)host_file_read_line(h, POOL_MODE, &s->now_pool_mode, &ignored);
	return code;
}

static bool wants_version(const struct nfsd *s, const char *version)
{
	size_t len = strlen(version);

	for (const char *p = s->versions; (p = strstr(p, version)); p += len)
		if ((p == s->versions || p[-1] == ',') && (p[len] == ',' || !p[len]))
			return true;
	return false;
}

/* "+3" or "-3" in the kernel's "-2 +3 +4 +4.0 +4.1 -4.2". */
static bool has_version(const char *list, const char *version)
{
	size_t len = strlen(version);

	for (const char *p = list; (p = strstr(p, version)); p += len)
		if (p > list && p[-1] == '+' && (p[len] == ' ' || !p[len]))
			return true;
	return false;
}

/* What of a running server only a restart could change; NULL: nothing. */
static const char *stuck(const struct nfsd *s)
{
	for (size_t i = 0; s->now_versions && i < ARRAY_SIZE(known_versions); i++)
		if (wants_version(s, known_versions[i]) !=
		    has_version(s->now_versions, known_versions[i]))
			return "versions";
	if (s->now_pool_mode && strcmp(s->now_pool_mode, s->pool_mode) != 0)
		return "pool-mode";
	return NULL;
}

static void diff_stopped(const struct nfsd *s, struct change *ret)
{
	if (!s->start) {
		change_set(ret, STATE_SKIPPED, REASON_NFSD_NOT_RUNNING,
		           "no NFS server runs here, and start is false");
		change_remedy(ret,
		              "apply again once the server runs, or say start: true");
	} else if (s->absent && s->r.waits) {
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "the nfsd module is not loaded yet");
	} else {
		change_set(ret, STATE_DRIFT, REASON_NOT_RUNNING,
		           "does not run, wanted %s threads", s->r.want);
		change_remedy(ret, "rpc.nfsd %s", s->r.want);
	}
}

static void diff(const struct resource *r, struct change *ret)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);
	const char *other;

	if (s->absent || strcmp(r->now, "0") == 0) {
		diff_stopped(s, ret);
		return;
	}
	other = stuck(s);
	if (other) {
		change_set(ret, STATE_FAILED, REASON_NFSD_BUSY,
		           "%s cannot be changed while the server runs", other);
		change_remedy(ret, "stop the NFS server, then apply again");
	} else if (strcmp(r->now, r->want) != 0) {
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "%s threads, wanted %s",
		           r->now, r->want);
		change_remedy(ret, "rpc.nfsd %s", r->want);
	}
}

/* What must be set while the server is stopped. */
static int prepare(struct nfsd *s, struct host *h, struct err *e)
{
	int code = 0;

	if (s->absent)
		code = host_module_load(h, "nfsd", e);
	if (code == 0)
		code = host_nfsd_mount(h, e);
	s->mounted = code == 1;
	if (code == 1)
		code = 0;
	if (code == 0 && s->pool_mode)
		mem_set(&s->had_pool_mode, mem_dup(s->now_pool_mode));
	if (code == 0 && s->pool_mode)
		code = host_file_write(h, POOL_MODE, s->pool_mode, e);
	/* one at a time: a kernel without NFSv4.0 or v3 refuses just that word */
	for (size_t i = 0; s->versions && code == 0 && i < ARRAY_SIZE(known_versions);
	     i++) {
		bool wanted = wants_version(s, known_versions[i]);
		_free_ char *text =
			mem_format("%c%s", wanted ? '+' : '-', known_versions[i]);

		code = host_nfsd_write(h, "versions", text, e);
		if (code == -EINVAL && !wanted)
			code = 0;
	}
	return code;
}

static int explain(int code, struct err *e)
{
	if (code == -ECONNREFUSED)
		return err_hint(e,
		                "NFSv3 is on and no rpcbind answers: run rpcbind, or say "
		                "versions: [4.1, 4.2]");
	if (code == -ENETUNREACH)
		return err_hint(e, "the loopback interface is down: ip link set lo up");
	return code;
}

/* What a start needed and no server uses now. */
static void undo_start(struct nfsd *s, struct host *h)
{
	struct err ignored;

	if (s->had_pool_mode)
		(void)host_file_write(h, POOL_MODE, s->had_pool_mode, &ignored);
	mem_set(&s->had_pool_mode, NULL);
	if (s->mounted)
		(void)host_nfsd_unmount(h, &ignored);
	s->mounted = false;
}

static int apply(struct resource *r, struct host *h, enum reason *ret_reason,
                 struct err *e)
{
	struct nfsd *s = nfsd_of(r);
	int code = 0;

	if (!r->now || strcmp(r->now, "0") == 0)
		code = prepare(s, h, e);
	if (code == 0)
		code = host_nfsd_write(h, "threads", r->want, e);
	if (code == 0)
		return 0;
	undo_start(s, h);
	*ret_reason = REASON_REFUSED_BY_KERNEL;
	return explain(code, e);
}

static int revert(struct resource *r, struct host *h, struct err *e)
{
	int code = host_nfsd_write(h, "threads", r->had ? r->had : "0", e);

	undo_start(nfsd_of(r), h);
	return code;
}

static void capture_versions(const struct host *h, struct node *section)
{
	struct node *list = node_new(NODE_LIST);
	_free_ char *shown = NULL;
	struct err ignored;

	(void)host_nfsd_read(h, "versions", &shown, &ignored);
	/* quoted: no numbers, and some readers would write 4.1 as 4.0999 */
	for (size_t i = 0; shown && i < ARRAY_SIZE(known_versions); i++)
		if (has_version(shown, known_versions[i]))
			node_append(list, node_new_text(known_versions[i]));
	if (list->n > 0)
		node_set(section, "versions", list);
	else
		node_free(list);
}

static bool capture(const struct resource *r, const struct host *h, struct node *section,
                    struct problems *ps)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);
	_free_ char *pool_mode = NULL;
	struct err ignored;

	if (s->absent || (r->now && strcmp(r->now, "0") == 0)) {
		problems_note(ps, r->at, "nfsd: no NFS server runs here");
		return true;
	}
	if (!r->now)
		return false;
	node_set(section, "threads", node_new_word(r->now));
	node_set(section, "start", node_new_bool(false));
	capture_versions(h, section);
	if (host_file_read_line(h, POOL_MODE, &pool_mode, &ignored) == 0)
		node_set(section, "pool-mode", node_new_word(pool_mode));
	return true;
}

static void done(struct resource *r)
{
	struct nfsd *s = nfsd_of(r);

	fields_done(fields, s);
	free(s->now_versions);
	free(s->now_pool_mode);
	free(s->had_pool_mode);
}

const struct kind kind_nfsd = {
	.name = "nfsd",
	.section = "nfsd",
	.doc = "the NFS server of the kernel",
	.shape = SECTION_OBJECT,
	.fields = fields,
	.after = &kind_module,
	.size = sizeof(struct nfsd),
	.parse = parse,
	.observe = observe,
	.diff = diff,
	.apply = apply,
	.revert = revert,
	.capture = capture,
	.done = done,
};
