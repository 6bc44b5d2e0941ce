/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The number of threads of the kernel's NFS server. Setting it can start a stopped
 * server and open port 2049, so hosttune does that only with `start: true`.
 */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/module/module.h"
#include "nfsd/details.h"
#include "nfsd/module.h"
#include "nfsd/pools.h"
#include "nfsd/record.h"
#include "nfsd/server.h"
#include "nfsd/tcp.h"
#include "nfsd/threads.h"
#include "nfsd/undo.h"
#include "nfsd/version.h"
#include "nfsd/wanted.h"
#include "resource/kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NFSD_MAXSERVS in fs/nfsd/nfssvc.c: the kernel clamps to it */
#define THREADS_MAX  8192
#define RPCBIND_PORT 111

struct nfsd {
	struct resource r;
	uint64_t threads, min_threads;
	bool start;
	unsigned versions;  /* 0: not in the profile */
	char pool_mode[16]; /* "": not in the profile */

	bool absent;             /* the module is not loaded */
	enum host_module module; /* if it is absent, and must be loaded */
	struct nfsd_server server;
	bool rpcbind; /* seems to answer, or unknown; checked only when it matters */
	bool started; /* apply() started the server ... */
	bool mounted; /* ... and mounted nfsd for it */
	unsigned had_threads, had_min_threads; /* when apply() started; 0: none ran */
};

static const struct field fields[] = {
	{.name = "threads",
         .type = FIELD_UINT,
         .offset = offsetof(struct nfsd, threads),
         .min = 1,
         .max = THREADS_MAX,
         .required = true,
         .doc = "number of server threads, in total over all pools"},
	{.name = "min-threads",
         .type = FIELD_UINT,
         .offset = offsetof(struct nfsd, min_threads),
         .min = 1,
         .max = THREADS_MAX,
         .doc = "minimum threads of each idle pool; no effect before Linux 7.0"},
	{.name = "start",
         .type = FIELD_BOOL,
         .offset = offsetof(struct nfsd, start),
         .doc = "true: start a stopped server, on TCP port 2049; false: only change a "
                "running one (default)"},
	{0},
};

static struct nfsd *nfsd_of(struct resource *r)
{
	return CONTAINER_OF(r, struct nfsd, r);
}

static struct nfsd_wanted wanted_threads(const struct nfsd *s)
{
	return (struct nfsd_wanted){(unsigned)s->threads, (unsigned)s->min_threads};
}

static bool nfsd_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	_diagnostics_ struct diagnostics reported_by_setup = {0};
	struct nfsd *s = nfsd_of(r);
	const struct node *least = node_get(n, "min-threads");
	const struct node *mode = node_get(n, "pool-mode");

	fields_parse(fields, n, s, diag);
	s->versions = nfsd_version_parse(node_get(n, "versions"), &reported_by_setup);
	if (mode && mode->type == NODE_SCALAR)
		(void)snprintf(s->pool_mode, sizeof(s->pool_mode), "%s", mode->text);
	if (s->threads && s->min_threads > s->threads)
		diag_error(diag, least->at,
		           "min-threads \"%" PRIu64
		           "\": must not exceed threads (%" PRIu64 ")",
		           s->min_threads, s->threads);
	r->spec.want = mem_format("%" PRIu64, s->threads);
	return true;
}

/* What the profile starts; a server that runs already is compared by nfsd_diff(). */
static void nfsd_check_all(struct resource *const *list, size_t n,
                           const struct host_facts *facts, struct diagnostics *diag)
{
	for (size_t i = 0; facts && i < n; i++) {
		const struct nfsd *s = nfsd_of(list[i]);

		nfsd_pools_check(s->threads, s->pool_mode, facts, s->r.spec.at, diag);
	}
}

/* --- observing
 * ---------------------------------------------------------------------------
 */

/*
 * Whether something listens where the kernel looks for rpcbind. Only reads. The socket
 * file may be stale; starting the server then fails.
 */
static bool sees_rpcbind(const struct host *h)
{
	struct tcp_sockets tcp;

	return tcp_sockets_count(h, RPCBIND_PORT, &tcp) < 0 || tcp.listening > 0 ||
	       host_file_exists(h, "/run/rpcbind.sock");
}

static unsigned versions_to_be(const struct nfsd *s)
{
	if (s->versions)
		return s->versions;
	return s->absent || !s->server.versions ? NFSD_V3 : s->server.versions;
}

static int nfsd_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct nfsd *s = nfsd_of(r);
	int code = nfsd_server_observe(h, &s->server, e);

	s->absent = code == -ENOENT;
	if (code < 0 && !s->absent)
		return code;
	s->module = HOST_MODULE_UNKNOWN;
	if (s->absent && s->start && host_module_find(h, "nfsd", &s->module, e) < 0)
		return e->code;
	if (!s->absent)
		mem_set(&r->seen.now, mem_format("%u", s->server.threads));
	s->rpcbind = !s->start || s->server.threads > 0 || sees_rpcbind(h);
	return 0;
}

/* No drive is formatted for a server that cannot start. */
static bool nfsd_diff_module(const struct nfsd *s, struct change *ret)
{
	if (s->module == HOST_MODULE_MISSING) {
		change_set(ret, STATE_FAILED, REASON_MODULE_MISSING,
		           "this kernel has no module \"nfsd\"");
		change_remedy(ret, "run a kernel that has it, or install the package of "
		                   "its modules");
	} else if (s->module == HOST_MODULE_DISABLED) {
		change_set(ret, STATE_FAILED, REASON_MODULE_DISABLED,
		           "modprobe.d disables the module nfsd");
		change_remedy(ret,
		              "remove the line \"install nfsd ...\" from modprobe.d");
	} else if (s->module == HOST_MODULE_FORBIDDEN) {
		change_set(ret, STATE_FAILED, REASON_FAILED,
		           "the module nfsd is not loaded, and kernel.modules_disabled "
		           "forbids loading it");
		change_remedy(ret, "reboot, and load the module nfsd before "
		                   "kernel.modules_disabled is set");
	} else {
		return false;
	}
	return true;
}

static void diff_stopped(const struct nfsd *s, struct change *ret)
{
	if (s->start && nfsd_diff_module(s, ret))
		return;
	if (!s->start) {
		change_set(ret, STATE_SKIPPED, REASON_NFSD_NOT_RUNNING,
		           "no NFS server is running, and start is false");
		change_remedy(
			ret,
			"run hosttune apply once the server runs, or set `start: true`");
	} else if (!s->rpcbind && (versions_to_be(s) & (NFSD_V2 | NFSD_V3))) {
		change_set(ret, STATE_FAILED, REASON_NO_RPCBIND,
		           "NFSv3 needs rpcbind, and rpcbind does not answer");
		change_remedy(ret, "start rpcbind, or set `versions: [4.1, 4.2]`");
	} else if (s->absent && s->r.run.waits) {
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "the nfsd module is not loaded yet");
	} else {
		change_set(ret, STATE_DRIFT, REASON_NOT_RUNNING,
		           "is stopped, should run %s threads", s->r.spec.want);
		change_remedy(ret, "rpc.nfsd %s", s->r.spec.want);
	}
}

static void nfsd_diff(const struct resource *r, struct change *ret)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);

	if (s->absent || s->server.threads == 0)
		diff_stopped(s, ret);
	else
		nfsd_threads_diff(&s->server, wanted_threads(s), ret);
}

static void nfsd_differences(const struct resource *r, struct differences *ret)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);

	if (s->absent || s->server.threads == 0)
		difference_add(ret, NULL, mem_dup("stopped"), mem_dup(r->spec.want));
	else
		nfsd_threads_differences(&s->server, wanted_threads(s), ret);
}

/* --- applying
 * ----------------------------------------------------------------------------
 */

static int nfsd_hint(int code, struct err *e)
{
	if (code == -ECONNREFUSED)
		return err_hint(e, "NFSv3 is enabled and rpcbind does not answer: start "
		                   "rpcbind, or set `versions: [4.1, 4.2]`");
	if (code == -ENETUNREACH)
		return err_hint(
			e, "the loopback interface is down: run `ip link set lo up`");
	return code;
}

static int nfsd_start(struct nfsd *s, struct host *h, struct err *e)
{
	int code = s->absent ? host_module_load(h, "nfsd", e) : 0;

	if (code == 0)
		code = nfsd_server_start(h, (unsigned)s->threads,
		                         (unsigned)s->min_threads, e);
	s->started = code >= 0;
	s->mounted = code == 1;
	return code < 0 ? nfsd_hint(code, e) : 0;
}

static int nfsd_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                      struct err *e)
{
	struct nfsd *s = nfsd_of(r);
	bool runs = !s->absent && s->server.threads > 0;

	s->had_threads = runs ? s->server.threads : 0;
	s->had_min_threads = s->server.min_threads;
	*ret_reason = REASON_REFUSED_BY_KERNEL;
	if (!runs)
		return nfsd_start(s, h, e);
	return nfsd_server_set_threads(h, (unsigned)s->threads, (unsigned)s->min_threads,
	                               e);
}

/*
 * Stop a server that nfsd_apply() started; leave one that has stopped since then stopped.
 * What was observed last may be a failure to read it: look again, and stop it also if
 * that is unknown.
 */
static int stop_started(struct nfsd *s, struct host *h, struct err *e)
{
	struct nfsd_server now;
	int code = nfsd_server_observe(h, &now, e);

	if (code == -ENOENT || (code == 0 && now.threads == 0))
		code = 0;
	else if (code == 0 || s->started)
		code = nfsd_server_stop(h, s->mounted, e);
	if (code == 0)
		s->started = s->mounted = false;
	return code;
}

static int nfsd_revert(struct resource *r, struct host *h, struct err *e)
{
	struct nfsd *s = nfsd_of(r);
	int code;

	if (s->had_threads == 0)
		return stop_started(s, h, e);
	code = nfsd_server_set_threads(
		h, s->had_threads, s->had_min_threads ? s->had_min_threads : NFSD_FIXED,
		e);
	return code == -ESRCH ? 0 : code;
}

static void nfsd_undo_list(const struct resource *r, const struct host *h,
                           struct undo_values *ret)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);
	static const struct nfsd_server none;

	nfsd_undo_add_threads(s->absent ? &none : &s->server, (unsigned)s->threads,
	                      (unsigned)s->min_threads, h, ret);
}

static const struct undo undo = {
	.list = nfsd_undo_list,
	.read = nfsd_undo_read,
	.write = nfsd_undo_write,
	.command = nfsd_undo_command,
};

static struct node *nfsd_read_details(const struct resource *r, const struct host *h)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);

	return s->absent ? NULL : nfsd_details(h, s->server.threads);
}

static bool nfsd_capture(const struct resource *r, const struct host *h,
                         struct node *section, struct diagnostics *diag)
{
	const struct nfsd *s = CONST_CONTAINER_OF(r, struct nfsd, r);

	(void)h;
	if (s->absent || (r->seen.now && s->server.threads == 0)) {
		diag_note(diag, r->spec.at, "nfsd: no NFS server is running");
		return true;
	}
	if (!r->seen.now)
		return false;
	node_set(section, "threads", node_new_word(r->seen.now));
	if (s->server.min_threads && !s->server.moving)
		node_set(section, "min-threads", node_new_uint(s->server.min_threads));
	node_set(section, "start", node_new_bool(false));
	return true;
}

struct nfsd_wanted nfsd_wanted_of(struct resource *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i]->kind == &kind_nfsd && !list[i]->spec.excluded)
			return wanted_threads(nfsd_of(list[i]));
	return (struct nfsd_wanted){0};
}

const struct kind kind_nfsd = {
	.name = "nfsd",
	.section = "nfsd",
	.title = "nfsd threads",
	.doc = "the kernel's NFS server",
	.shape = SECTION_OBJECT,
	.fields = fields,
	.after = "module",
	.comes_with = nfsd_comes_with,
	.flags = KIND_ENFORCED | KIND_HOST_NETNS,
	.size = sizeof(struct nfsd),
	.parse = nfsd_parse,
	.check_all = nfsd_check_all,
	.observe = nfsd_observe,
	.diff = nfsd_diff,
	.capabilities = nfsd_capabilities,
	.differences = nfsd_differences,
	.apply = nfsd_apply,
	.revert = nfsd_revert,
	.undo = &undo,
	.capture = nfsd_capture,
	.details = nfsd_read_details,
	.record = nfsd_record,
};
