/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/files.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "engine/plan.h"
#include "host/file.h"
#include "host/host.h"
#include "host/os_release.h"
#include "profile/profile.h"
#include "profile/userdata.h"
#include "stored/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- the name of the files -----------------------------------------------------------
 */

/* The base name of a file, without its suffix. */
static char *base_of(const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	const char *dot = strrchr(base, '.');

	if (strcmp(file, "-") == 0)
		return mem_dup("stdin");
	if (dot && dot > base && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
		return mem_dup_n(base, (size_t)(dot - base));
	return mem_dup(base);
}

static char *name_of(const struct profile *profile)
{
	const struct node *name = node_get(profile->tree, "name");
	_free_ char *base = NULL;
	size_t n = 0;

	if (name && name->type == NODE_SCALAR && *name->text)
		return stored_name(name->text);
	while (profile->names && profile->names[n])
		n++;
	base = base_of(n > 0 ? profile->names[n - 1] : "profile");
	return stored_name(base);
}

/* --- what needs the unit -------------------------------------------------------------
 */

bool persisting_needs_unit(const struct resource *r)
{
	return !(r->kind->flags & KIND_READ_ONLY) && r->kind->shape != SECTION_TREE &&
	       !r->spec.no_persist && !r->spec.excluded &&
	       (!r->kind->persist || r->spec.no_setting);
}

static bool any_needs_unit(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (persisting_needs_unit(p->resources[i]))
			return true;
	return false;
}

/* "--skip sysctl:vm.swappiness ": what must not be set at the next boot. */
static char *skip_options(const struct plan *p)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (r->spec.no_persist && !r->spec.excluded)
			buf_addf(&b, "--skip %s:%s ", r->kind->name, r->name);
	}
	return b.len ? buf_take(&b) : mem_dup("");
}

/* The profile of hosttune-apply.service, which the administrator enabled. */
static bool is_applied_by_service(const struct profile *profile, const struct host *h)
{
	return profile->names && profile->names[0] && !profile->names[1] &&
	       strcmp(profile->names[0], UNIT_OWN_PROFILE) == 0 && unit_is_enabled(h);
}

static char *profile_text(const struct persisting *f, const struct profile *profile,
                          struct err *e)
{
	_free_ char *text = NULL;
	size_t n = 0;

	while (profile->names && profile->names[n])
		n++;
	if (userdata_embed(profile, (const char *const *)profile->names, n, false, &text,
	                   e) < 0)
		return NULL;
	return owned_text(f->name, owned_body(text));
}

static void want_unit(struct persisting *f, const struct plan *p,
                      const struct profile *profile, const struct host *h)
{
	_free_ char *program = NULL, *skip = NULL, *service = NULL;
	struct err e = {0};

	if (!any_needs_unit(p) || f->by_service)
		return;
	/* of another machine, its own unit says what is applied there */
	program = f->recorded ? mem_dup("/usr/bin/hosttune") : unit_program(h, &e);
	if (program)
		f->want[STORED_PROFILE] = profile_text(f, profile, &e);
	if (!f->want[STORED_PROFILE]) {
		f->no_unit = mem_dup(e.text);
		return;
	}
	skip = skip_options(p);
	service = stored_unit_name(f->name);
	f->want[STORED_UNIT] = unit_text(f->name, program, skip, f->want[STORED_PROFILE]);
	f->want[STORED_ENABLED] = mem_format("../%s", service);
}

/* --- reading -------------------------------------------------------------------------
 */

/* /etc of Bottlerocket does not survive a reboot, and its settings are the store. */
static bool is_bottlerocket(const struct host *h)
{
	_free_ char *id = NULL;
	struct err ignored;

	return host_os_release(h, "ID", &id, NULL, &ignored) == 0 &&
	       strcmp(id, "bottlerocket") == 0;
}

/* What cannot be read is unknown. Only root reads the profile, which the unit names. */
static void find_unknown(struct persisting *f)
{
	mem_set(&f->unknown, NULL);
	for (size_t i = 0; i < STORED_FILES && !f->unknown; i++)
		if (f->have[i].why && i != STORED_PROFILE)
			f->unknown = mem_dup(f->have[i].why);
}

bool persisting_is_stored(const struct profile *profile)
{
	_free_ char *name = NULL;
	enum stored_what what;

	return profile->names && profile->names[0] &&
	       stored_find(profile->names[0], &what, &name) && what == STORED_PROFILE;
}

static void find_lock(struct persisting *f, const struct host *h)
{
	struct err e;
	int r = h->live ? host_file_find(h, "/run/systemd/system", &e) : 0;

	if (!h->live)
		f->locked = mem_format("a %s is not written for the next boot",
		                       h->bundle ? "bundle" : "captured root");
	else if (r < 0)
		f->locked = mem_format("whether this host runs systemd is unknown: %s",
		                       e.text);
	else if (r == 0)
		f->locked = mem_dup("this host does not run systemd");
}

void persisting_reread(struct persisting *f, const struct host *h)
{
	for (enum stored_what what = 0; what < STORED_FILES; what++) {
		stored_file_done(&f->have[what]);
		stored_read(&f->have[what], h, what, f->name);
	}
	find_unknown(f);
}

struct persisting *persisting_read(const struct plan *p, const struct profile *profile,
                                   const struct host *h)
{
	struct persisting *f;

	/* a capture has no name yet */
	if (!profile->persist || !profile->names || is_bottlerocket(h))
		return NULL;
	f = mem_new(1, sizeof(*f));
	f->name = name_of(profile);
	f->recorded = !h->live;
	f->by_service = is_applied_by_service(profile, h);
	f->service = f->by_service ? mem_dup("hosttune-apply.service")
	                           : stored_unit_name(f->name);
	persisting_reread(f, h);
	f->explicit = f->asked = profile->persist_explicit;
	for (size_t i = 0; i < STORED_FILES; i++)
		f->asked |= f->have[i].state != OWNED_ABSENT;
	want_unit(f, p, profile, h);
	find_lock(f, h);
	return f;
}

void persisting_free(struct persisting *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < STORED_FILES; i++) {
		stored_file_done(&f->have[i]);
		free(f->want[i]);
	}
	free(f->name);
	free(f->service);
	free(f->no_unit);
	free(f->locked);
	free(f->unknown);
	free(f);
}

/* --- what a resource needs ------------------------------------------------------------
 */

bool persisting_is_excused(const struct persisting *f, const struct node *wanted)
{
	return f->no_unit && !f->explicit && node_get(wanted, "boot");
}

void persisting_want(const struct resource *r, const struct node *live,
                     struct node *wanted)
{
	if (persisting_needs_unit(r))
		node_set_text(node_get_map(wanted, "boot"), "unit", PERSISTING_AT_BOOT);
	else if (r->kind->persist && r->kind->shape != SECTION_TREE)
		r->kind->persist(r, live, wanted);
}
