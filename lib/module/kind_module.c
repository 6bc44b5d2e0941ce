/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A kernel module that a profile loads. hosttune never unloads one: something may use
 * it by then, and an unused module costs nothing.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "host/module/module.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"

#include <errno.h>
#include <string.h>

/* Bottlerocket's limit for a name in settings.kernel.modules. */
#define NAME_MAX_BYTES 56

struct module {
	struct resource r;
	enum host_module found;
};

static char *canonical(const char *name)
{
	char *copy = mem_dup(name);

	for (char *p = copy; (p = strchr(p, '-'));)
		*p = '_';
	return copy;
}

static bool module_parse(struct resource *r, const struct node *n,
                         struct diagnostics *diag)
{
	size_t len =
		strspn(r->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                        "0123456789-_");

	if (r->name[len] || len == 0 || len > NAME_MAX_BYTES)
		diag_error(diag, n->at,
		           "module \"%s\": not a module name (letters, digits, - and _, "
		           "at most %d)",
		           r->name, NAME_MAX_BYTES);
	r->spec.want = mem_dup("loaded");
	return true;
}

static int module_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct module *m = CONTAINER_OF(r, struct module, r);
	int code = host_module_find(h, r->name, &m->found, e);

	if (code == 0 && m->found == HOST_MODULE_LOADED)
		r->seen.now = mem_dup("loaded");
	if (code == 0 && m->found == HOST_MODULE_BUILTIN)
		r->seen.now = mem_dup("builtin");
	return code;
}

static void module_diff(const struct resource *r, struct change *ret)
{
	const struct module *m = CONST_CONTAINER_OF(r, struct module, r);

	if (r->seen.now)
		return;
	if (m->found == HOST_MODULE_MISSING) {
		change_set(ret, STATE_FAILED, REASON_MODULE_MISSING,
		           "this kernel has no module \"%s\"", r->name);
		change_remedy(ret,
		              "remove it from the profile, or run a kernel that has it");
		return;
	}
	if (m->found == HOST_MODULE_DISABLED) {
		change_set(ret, STATE_FAILED, REASON_MODULE_DISABLED,
		           "modprobe.d disables the module: its install command loads "
		           "nothing");
		change_remedy(
			ret,
			"remove the line \"install %s ...\" from modprobe.d, or the "
			"module from the profile",
			r->name);
		return;
	}
	if (m->found == HOST_MODULE_FORBIDDEN) {
		change_set(ret, STATE_FAILED, REASON_FAILED,
		           "not loaded, and kernel.modules_disabled forbids loading it");
		change_remedy(ret, "reboot: only a boot allows it again");
		return;
	}
	change_set(ret, STATE_DRIFT, REASON_NOT_LOADED, "%s",
	           m->found == HOST_MODULE_UNKNOWN
	                   ? "not loaded, or built into the kernel: the host has no list "
	                     "of its modules"
	                   : "not loaded");
	change_remedy(ret, "modprobe %s", r->name);
}

static void module_differences(const struct resource *r, struct differences *ret)
{
	if (!r->seen.now)
		difference_add(ret, NULL, mem_dup("not loaded"), mem_dup("loaded"));
}

static int module_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                        struct err *e)
{
	int code = host_module_load(h, r->name, e);

	if (code == -EIO)
		*ret_reason = REASON_REFUSED_BY_KERNEL;
	return code;
}

/* Bottlerocket loads a module at boot only if both are true. */
static void module_persist(const struct resource *r, const struct node *live,
                           struct node *wanted)
{
	const struct module *m = CONST_CONTAINER_OF(r, struct module, r);
	struct node *modules, *module;

	(void)live;
	if (m->found == HOST_MODULE_BUILTIN)
		return;
	modules = node_get_map(node_get_map(wanted, "kernel"), "modules");
	module = node_get_map(modules, r->name);
	node_set(module, "allowed", node_new_bool(true));
	node_set(module, "autoload", node_new_bool(true));
}

/* "allowed" stays: true is its default. */
static void module_unpersist(const struct resource *r, struct node *wanted)
{
	struct node *modules = node_get_map(node_get_map(wanted, "kernel"), "modules");

	node_set(node_get_map(modules, r->name), "autoload", node_new_bool(false));
}

static bool module_capture(const struct resource *r, const struct host *h,
                           struct node *section, struct diagnostics *diag)
{
	(void)h;
	(void)diag;
	if (r->seen.now)
		node_append(section, node_new_word(r->name));
	return r->seen.now;
}

/* The host's modprobe; what is loaded is read from files. */
static uint64_t module_capabilities(const char *name, bool acts)
{
	(void)name;
	return acts ? CAPABILITY(SYS_MODULE) | CAPABILITY(SYS_CHROOT) : 0;
}

const struct kind kind_module = {
	.name = "module",
	.section = "modules",
	.doc = "kernel modules to load before any sysctl is written",
	.shape = SECTION_NAMES,
	.size = sizeof(struct module),
	.flags = KIND_IRREVERSIBLE,
	.canonical = canonical,
	.parse = module_parse,
	.observe = module_observe,
	.diff = module_diff,
	.capabilities = module_capabilities,
	.differences = module_differences,
	.apply = module_apply,
	.stays = "a module may be in use, and costs nothing",
	.persist = module_persist,
	.unpersist = module_unpersist,
	.capture = module_capture,
};
