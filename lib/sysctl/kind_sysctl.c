/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A sysctl: one value or a vector of values. Each is exact, or a bound that only raises
 * or only lowers the current value.
 */
#include "base/mem.h"
#include "base/text/shell.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "resource/kinds.h"
#include "sysctl/capabilities.h"
#include "sysctl/capture.h"
#include "sysctl/files.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/known/provider.h"
#include "sysctl/known/shape.h"
#include "sysctl/persisted.h"
#include "sysctl/sysctl.h"
#include "sysctl/sysctl_d.h"
#include "sysctl/undo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int observe_interfaces(struct sysctl *s, const struct host *h, struct err *e)
{
	int code = sysctl_interfaces_observe(&s->interfaces, s->r.name, &s->value, h, e);

	s->absent = s->interfaces.n == 0;
	if (code == 0 && !s->absent)
		s->r.seen.now = sysctl_interfaces_describe(&s->interfaces);
	return code;
}

static int sysctl_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);
	_free_ char *path = NULL, *raw = NULL;
	int code;

	if (sysctl_table_is_wildcard(r->name))
		return observe_interfaces(s, h, e);
	path = sysctl_key_path(r->name);
	code = host_file_read_line(h, path, &raw, e);
	s->absent = code == -ENOENT || code == -ENOTDIR;
	s->write_only = code == -EACCES && sysctl_key_is_write_only(h, path);
	if (s->absent || s->write_only)
		return 0;
	if (code < 0)
		return code;
	r->seen.now = words_collapse(raw);
	mem_set(&s->write, sysctl_value_resolve(&s->value, r->seen.now));
	return sysctl_module_check(&s->module, h, r->name, r->seen.now, s->write, e);
}

static bool is_numbers(const char *s)
{
	return *s && !s[strspn(s, "0123456789- ")];
}

static void sysctl_diff_absent(const struct resource *r, struct change *ret)
{
	if (r->run.waits)
		change_set(
			ret, STATE_PENDING, REASON_WAITS,
			"does not exist yet: a module that the profile loads provides it");
	else if (r->spec.optional)
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "this kernel has no such key, and the key is optional");
	else {
		change_set(ret, STATE_FAILED, REASON_NO_SUCH_KEY,
		           "this kernel has no such key");
		change_remedy(
			ret, "check the spelling, list the module that provides it under "
			     "`modules:`, or add `optional: true`");
	}
}

/* The kernel silently accepts too few or too many words. */
static bool has_other_count(const struct sysctl *s)
{
	return (s->value.shape == SHAPE_UNKNOWN ||
	        sysctl_shape_is_number(s->value.shape)) &&
	       is_numbers(s->r.seen.now) &&
	       sysctl_value_count(s->r.seen.now) != s->value.n;
}

static void report_count(const struct sysctl *s, struct change *ret)
{
	size_t has = sysctl_value_count(s->r.seen.now);

	change_set(ret, STATE_FAILED, REASON_SHAPE_DIFFERS,
	           "has %zu values (%s), but the profile gives %zu", has, s->r.seen.now,
	           s->value.n);
	change_remedy(ret, "give all %zu values in the profile", has);
}

static void report_drift(const struct resource *r, struct change *ret)
{
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "is %s, should be %s",
	           *r->seen.now ? r->seen.now : "empty",
	           *r->spec.want ? r->spec.want : "empty");
}

static void remedy_write(const struct sysctl *s, struct change *ret)
{
	_free_ char *value = shell_quote(s->write);

	change_remedy(ret, "sysctl -w %s=%s", s->r.name, value);
}

static void sysctl_diff(const struct resource *r, struct change *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (s->absent) {
		sysctl_diff_absent(r, ret);
		return;
	}
	if (s->write_only) {
		change_set(ret, STATE_REFUSED, REASON_WRITE_ONLY,
		           "write-only key: its current value cannot be read");
		return;
	}
	if (sysctl_table_is_wildcard(r->name)) {
		if (sysctl_interfaces_differ(&s->interfaces))
			report_drift(r, ret);
		return;
	}
	if (has_other_count(s)) {
		report_count(s, ret);
		return;
	}
	if (strcmp(s->write, r->seen.now) == 0)
		return;
	if (s->module.missing) {
		change_set(ret, STATE_FAILED, REASON_MODULE_MISSING, "%s",
		           s->module.missing);
		return;
	}
	report_drift(r, ret);
	remedy_write(s, ret);
}

static void sysctl_differences(const struct resource *r, struct differences *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (sysctl_table_is_wildcard(r->name)
	            ? sysctl_interfaces_differ(&s->interfaces)
	            : r->seen.now && s->write && strcmp(s->write, r->seen.now) != 0)
		sysctl_value_differences(&s->value, r->seen.now, ret);
}

static void sysctl_changes(const struct resource *r, struct differences *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	sysctl_value_changes(&s->value, r->seen.had, r->seen.now, ret);
}

static int sysctl_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                        struct err *e)
{
	return sysctl_write_apply(CONTAINER_OF(r, struct sysctl, r), h, ret_reason, e);
}

static int sysctl_revert(struct resource *r, struct host *h, struct err *e)
{
	return sysctl_write_revert(CONTAINER_OF(r, struct sysctl, r), h, e);
}

static bool sysctl_precedes(const struct resource *a, const struct resource *b)
{
	return sysctl_write_precedes(CONST_CONTAINER_OF(a, struct sysctl, r),
	                             CONST_CONTAINER_OF(b, struct sysctl, r));
}

static bool sysctl_precedes_any(const struct resource *a)
{
	return sysctl_write_precedes_any(CONST_CONTAINER_OF(a, struct sysctl, r));
}

/* Only the module that provides the key, or one that depends on it. */
static bool sysctl_comes_with(const struct resource *r, const struct resource *other)
{
	const char *module = sysctl_provider_of(r->name),
		   *all = sysctl_provider_list(r->name);

	return (module && strcmp(module, other->name) == 0) ||
	       (all && sysctl_module_has_word(all, other->name));
}

static char *sysctl_files(const struct resource *r, const struct host *h)
{
	return sysctl_file(r->name, h);
}

static void sysctl_persist(const struct resource *r, const struct node *live,
                           struct node *wanted)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (s->absent || s->write_only || s->yields || r->spec.no_setting)
		return;
	sysctl_persist_want(r, &s->value, live, wanted);
	if (wanted->n > 0 && s->module.keep)
		sysctl_persist_want_module(s->module.keep, wanted);
}

static void sysctl_unpersist(const struct resource *r, struct node *wanted)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);
	const char *value = r->run.begun ? r->seen.had : r->seen.now;

	if (s->module.keep)
		sysctl_persist_unwant_module(s->module.keep, wanted);
	if (value && !sysctl_table_is_wildcard(r->name))
		node_set(node_get_map(node_get_map(wanted, "kernel"), "sysctl"), r->name,
		         node_new_text(value));
}

static void sysctl_attribute(const struct resource *r, const struct persistence *p,
                             struct change *c)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	sysctl_persist_attribute(r, &s->value, p, c);
}

static const char *sysctl_varies(const struct resource *r)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (r->spec.no_setting)
		return "Bottlerocket's settings hold no patterns and no empty values";
	for (size_t i = 0; i < s->value.n; i++)
		if (s->value.words[i].unknown)
			return VARIES_FORMULA;
	return sysctl_value_has_bound(&s->value)
	               ? "a bound, which depends on the current value of the node"
	               : NULL;
}

static void *sysctl_read_origins(const struct host *h)
{
	return sysctl_d_read(h);
}

static void sysctl_free_origins(void *origins)
{
	sysctl_d_free(origins);
}

static void sysctl_done(struct resource *r)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);

	sysctl_value_done(&s->value);
	free(s->write);
	sysctl_module_done(&s->module);
	free(s->other);
	sysctl_interfaces_done(&s->interfaces);
}

const struct kind kind_sysctl = {
	.name = "sysctl",
	.section = "sysctl",
	.doc = "sysctls by key, with dots or slashes as in sysctl.d(5)",
	.shape = SECTION_VALUES,
	.fields = sysctl_option_fields,
	.after = "module",
	.size = sizeof(struct sysctl),
	.flags = KIND_RESET,
	.canonical = sysctl_key_canonical,
	.parse = sysctl_parse,
	.check_all = sysctl_parse_check,
	.observe = sysctl_observe,
	.diff = sysctl_diff,
	.files = sysctl_files,
	.compares_files = true,
	.capabilities = sysctl_key_capabilities,
	.differences = sysctl_differences,
	.changes = sysctl_changes,
	.comes_with = sysctl_comes_with,
	.precedes = sysctl_precedes,
	.precedes_any = sysctl_precedes_any,
	.apply = sysctl_apply,
	.revert = sysctl_revert,
	.undo = &sysctl_undo,
	.persist = sysctl_persist,
	.unpersist = sysctl_unpersist,
	.capture = sysctl_capture,
	.varies = sysctl_varies,
	.attribute = sysctl_attribute,
	.read_origins = sysctl_read_origins,
	.free_origins = sysctl_free_origins,
	.done = sysctl_done,
};
