/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Owner and mode of the top directory of an item's mounted file system, so that pods can
 * write there without root. The directory that the mount hides is not changed.
 */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/mount/mount.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX   (UINT32_MAX - 1) /* UINT32_MAX means "no change" to chown(2) */
#define MODE_MAX 07777

struct directory {
	struct resource r;
	char *owner, *mode; /* as in the profile; NULL: not managed */
	char *target;
	struct host_file_owner want, now, had; /* -1: not managed */
	bool there;
};

/* --- the profile ---------------------------------------------------------------------
 */

/* "1000" or "1000:2000". */
static bool read_owner(const char *text, struct host_file_owner *ret)
{
	const char *colon = strchr(text, ':');
	_free_ char *uid = mem_dup_n(text, colon ? (size_t)(colon - text) : strlen(text));
	uint64_t user, group;

	if (num_u64(uid, &user) < 0 || user > ID_MAX)
		return false;
	if (colon && (num_u64(colon + 1, &group) < 0 || group > ID_MAX))
		return false;
	ret->uid = (int64_t)user;
	ret->gid = colon ? (int64_t)group : -1;
	return true;
}

static bool read_mode(const char *text, struct host_file_owner *ret)
{
	size_t len = strlen(text);

	if (len < 3 || len > 5 || text[strspn(text, "01234567")])
		return false;
	ret->mode = (int)strtol(text, NULL, 8);
	return ret->mode <= MODE_MAX;
}

static void check_owner(const struct node *n, struct diagnostics *diag)
{
	struct host_file_owner ignored;

	if (!read_owner(n->text, &ignored))
		diag_error(diag, n->at, "owner \"%s\": must be numeric, UID or UID:GID",
		           n->text);
}

static void check_mode(const struct node *n, struct diagnostics *diag)
{
	struct host_file_owner ignored;

	if (!read_mode(n->text, &ignored))
		diag_error(diag, n->at, "mode \"%s\": must be octal, such as 0755",
		           n->text);
}

static const struct field fields[] = {
	{.name = "owner",
         .type = FIELD_TEXT,
         .offset = offsetof(struct directory, owner),
         .check = check_owner,
         .doc = "owner of the mounted directory: numeric UID or UID:GID"},
	{.name = "mode",
         .type = FIELD_TEXT,
         .offset = offsetof(struct directory, mode),
         .check = check_mode,
         .doc = "mode of the mounted directory: octal, such as 0755"},
	{0},
};

static struct directory *directory_of(struct resource *r)
{
	return CONTAINER_OF(r, struct directory, r);
}

/* "1000:1000 0755", only the parts that `which` manages. */
static char *directory_describe(const struct host_file_owner *o,
                                const struct host_file_owner *which)
{
	_free_ char *gid =
		which->gid < 0 ? mem_dup("") : mem_format(":%lld", (long long)o->gid);
	_free_ char *owner = which->uid < 0
	                             ? mem_dup("")
	                             : mem_format("%lld%s", (long long)o->uid, gid);
	_free_ char *mode =
		which->mode < 0 ? mem_dup("") : mem_format("%04o", (unsigned)o->mode);

	return mem_format("%s%s%s", owner, *owner && *mode ? " " : "", mode);
}

static bool directory_parse(struct resource *r, const struct node *n,
                            struct diagnostics *diag)
{
	const struct node *mount = node_get(n, "mount");
	struct directory *d = directory_of(r);
	size_t before = diag->n;

	d->want = (struct host_file_owner){-1, -1, -1};
	fields_parse(fields, n, d, diag);
	if (!d->owner && !d->mode)
		return false;
	if (!mount) {
		diag_error(diag, n->at, "%s: requires mount",
		           d->owner ? "owner" : "mode");
		return false;
	}
	if (diag->n > before || mount->type != NODE_SCALAR)
		return false;
	if (d->owner)
		(void)read_owner(d->owner, &d->want);
	if (d->mode)
		(void)read_mode(d->mode, &d->want);
	d->target = mem_dup(mount->text);
	r->spec.want = directory_describe(&d->want, &d->want);
	return true;
}

/* --- the directory -------------------------------------------------------------------
 */

static bool is_mounted(const struct resource *r)
{
	enum state below = r->spec.depends_on->run.change.state;

	return below == STATE_OK || below == STATE_CHANGED;
}

static int directory_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct directory *d = directory_of(r);
	struct stat st;
	int code;

	d->there = false;
	/* before that, this would read the directory that the mount hides */
	if (!is_mounted(r))
		return 0;
	code = host_file_stat(h, d->target, &st, e);
	if (code < 0)
		return code;
	d->there = true;
	d->now = (struct host_file_owner){st.st_uid, st.st_gid, st.st_mode & MODE_MAX};
	r->seen.now = directory_describe(&d->now, &d->want);
	return 0;
}

/* What is -1 in `want` may be anything. */
static bool owner_differs(const struct host_file_owner *want,
                          const struct host_file_owner *now)
{
	return (want->uid >= 0 && want->uid != now->uid) ||
	       (want->gid >= 0 && want->gid != now->gid) ||
	       (want->mode >= 0 && want->mode != now->mode);
}

static void directory_diff(const struct resource *r, struct change *ret)
{
	const struct directory *d = CONST_CONTAINER_OF(r, struct directory, r);
	const struct change *below = &r->spec.depends_on->run.change;

	if (below->state == STATE_SKIPPED) {
		change_set(ret, STATE_SKIPPED, below->reason, "its drive is missing");
	} else if (!d->there) {
		change_set(ret, STATE_PENDING, REASON_WAITS, "%s is not mounted yet",
		           d->target);
	} else if (owner_differs(&d->want, &d->now)) {
		change_set(ret, STATE_DRIFT, REASON_OWNER_DIFFERS,
		           "%s is %s, should be %s", d->target, r->seen.now,
		           r->spec.want);
		change_remedy(ret, "%s%s%s%s%s %s", d->owner ? "chown " : "",
		              d->owner ? d->owner : "",
		              d->owner && d->mode ? " and " : "", d->mode ? "chmod " : "",
		              d->mode ? d->mode : "", d->target);
	}
}

/* Only of the item's own file system, not of what is mounted over it by now. */
static int directory_set(struct directory *d, struct host *h,
                         const struct host_file_owner *owner, struct err *e)
{
	const char *device = resource_device(&d->r);
	int code;

	if (!device)
		return err_set(e, -ENODEV, "the device at %s is unknown", d->target);
	code = host_mount_check_seen(h, device, d->target, e);
	if (code < 0)
		return err_wrap(e, "%s", d->target);
	return host_file_set_owner(h, d->target, owner, e);
}

static int directory_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                           struct err *e)
{
	struct directory *d = directory_of(r);

	(void)ret_reason;
	d->had = (struct host_file_owner){
		.uid = d->want.uid < 0 ? -1 : d->now.uid,
		.gid = d->want.gid < 0 ? -1 : d->now.gid,
		.mode = d->want.mode < 0 ? -1 : d->now.mode,
	};
	return directory_set(d, h, &d->want, e);
}

static int directory_revert(struct resource *r, struct host *h, struct err *e)
{
	struct directory *d = directory_of(r);

	return directory_set(d, h, &d->had, e);
}

static void directory_done(struct resource *r)
{
	free(directory_of(r)->target);
}

/* A new mode keeps the set-group-ID bit only with CAP_FSETID. */
static uint64_t directory_capabilities(const char *name, bool acts)
{
	(void)name;
	return acts ? CAPABILITY(CHOWN) | CAPABILITY(FOWNER) | CAPABILITY(FSETID) : 0;
}

const struct kind kind_directory = {
	.name = "directory",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.size = sizeof(struct directory),
	.parse = directory_parse,
	.observe = directory_observe,
	.diff = directory_diff,
	.capabilities = directory_capabilities,
	.apply = directory_apply,
	.revert = directory_revert,
	.stays = "storage is never undone",
	.done = directory_done,
};
