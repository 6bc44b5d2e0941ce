/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A sysctl: one value or a vector of values. Each is exact, or a bound that only raises
 * or only lowers the current value.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "resource/kinds.h"
#include "sysctl/capture.h"
#include "sysctl/check.h"
#include "sysctl/key.h"
#include "sysctl/known.h"
#include "sysctl/module.h"
#include "sysctl/persisted.h"
#include "sysctl/sysctl_d.h"
#include "sysctl/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX_BYTES 4096

struct sysctl {
	struct resource r;
	struct sysctl_value value;
	bool absent, write_only;
	char *write; /* what to write: `value` resolved against the current value */
	struct sysctl_module module;
	char *other; /* before the write: the value of the key that this one excludes */
};

struct options {
	struct resource *r;
	bool persist, optional;
};

#define BOUND(name_, doc_)                                                         \
	.name = name_, .type = FIELD_SIZE, .max = UINT64_MAX, .alternative = true, \
	.doc = doc_
#define MIN_FIELD BOUND("min", "raise the value to this, never lower it")
#define MAX_FIELD BOUND("max", "lower the value to this, never raise it")

static const struct field bound_fields[] = {{MIN_FIELD}, {MAX_FIELD}, {0}};

static const struct field option_fields[] = {
	{.name = "value",
         .type = FIELD_VECTOR,
         .fields = bound_fields,
         .alternative = true,
         .doc = "the value; a list if the key has several"},
	{MIN_FIELD},
	{MAX_FIELD},
	{.name = "persist",
         .type = FIELD_BOOL,
         .offset = offsetof(struct options, persist),
         .doc = "also persist it in the Bottlerocket settings (default true)"},
	{.name = "optional",
         .type = FIELD_BOOL,
         .offset = offsetof(struct options, optional),
         .doc = "skip the key if the kernel does not have it (default false)"},
	{0},
};

/* {value: 10, persist: false} or {min: 16MiB, optional: true} */
static void parse_options(struct sysctl *s, const struct node *n,
                          struct diagnostics *diag)
{
	const struct node *value = node_get(n, "value"), *min = node_get(n, "min"),
			  *max = node_get(n, "max");
	const struct field *const tables[] = {option_fields, field_when};
	struct options o = {.persist = true};

	fields_check_known(tables, ARRAY_SIZE(tables), n, s->r.name, diag);
	fields_parse(option_fields + 3, n, &o, diag);
	s->r.spec.no_persist |= !o.persist;
	s->r.spec.optional = o.optional;
	if (!!value + !!min + !!max != 1)
		diag_error(diag, n->at,
		           "sysctl %s: must have exactly one of value, min and max",
		           s->r.name);
	else if (value)
		sysctl_value_parse(&s->value, s->r.name, value, diag);
	else
		sysctl_value_parse_bound(&s->value, s->r.name,
		                         min ? SYSCTL_MIN : SYSCTL_MAX, min ? min : max,
		                         diag);
}

static bool sysctl_parse(struct resource *r, const struct node *n,
                         struct diagnostics *diag)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);
	const char *fault = sysctl_key_fault(r->name);
	size_t before = diag->n;

	if (fault)
		diag_error(diag, n->key_at, "sysctl \"%s\": %s", n->key, fault);
	if (n->type == NODE_MAP)
		parse_options(s, n, diag);
	else
		sysctl_value_parse(&s->value, r->name, n, diag);
	r->spec.want = sysctl_value_describe(&s->value);
	if (!r->spec.no_persist)
		r->spec.unique = mem_format("setting kernel.sysctl of %s", r->name);
	if (diag->n == before && s->value.n == 0)
		diag_error(diag, n->at, "sysctl %s: has no value", r->name);
	if (strlen(r->spec.want) > VALUE_MAX_BYTES)
		diag_error(diag, n->at, "sysctl %s: the value is longer than 4096 bytes",
		           r->name);
	if (!s->r.spec.no_persist)
		sysctl_persist_check(r->name, &s->value, diag);
	if (diag->n == before)
		sysctl_check(&(struct sysctl_wanted){r->name, r->spec.at, &s->value,
		                                     r->spec.when},
		             diag);
	r->spec.needs = sysctl_known_modules(r->name);
	return true;
}

static void sysctl_check_list(struct resource *const *list, size_t n,
                              const struct host_facts *facts, struct diagnostics *diag)
{
	_free_ struct sysctl_wanted *all = mem_new(n, sizeof(*all));

	for (size_t i = 0; i < n; i++) {
		const struct sysctl *s = CONST_CONTAINER_OF(list[i], struct sysctl, r);

		all[i] = (struct sysctl_wanted){list[i]->name, list[i]->spec.at,
		                                &s->value, list[i]->spec.when};
	}
	sysctl_check_all(all, n, facts, diag);
}

static bool is_write_only(const struct host *h, const char *path)
{
	struct err ignored;
	struct stat st;

	return host_file_stat(h, path, &st, &ignored) == 0 && S_ISREG(st.st_mode) &&
	       !(st.st_mode & 0444);
}

static int sysctl_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);
	_free_ char *path = sysctl_key_path(r->name), *raw = NULL;
	int code = host_file_read_line(h, path, &raw, e);

	s->absent = code == -ENOENT || code == -ENOTDIR;
	s->write_only = code == -EACCES && is_write_only(h, path);
	if (s->absent || s->write_only)
		return 0;
	if (code < 0)
		return code;
	r->seen.now = sysctl_value_collapse(raw);
	mem_set(&s->write, sysctl_value_resolve(&s->value, r->seen.now));
	return sysctl_module_check(&s->module, h, r->name, r->seen.now, s->write, e);
}

static bool is_numbers(const char *s)
{
	return *s && !s[strspn(s, "0123456789- ")];
}

static void sysctl_diff_absent(const struct resource *r, struct change *ret)
{
	const char *near = sysctl_known_near(r->name);

	if (r->run.waits)
		change_set(
			ret, STATE_PENDING, REASON_WAITS,
			"does not exist yet: a module that the profile loads provides it");
	else if (r->spec.optional)
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "this kernel has no such key, and the key is optional");
	else {
		change_set(ret, STATE_FAILED, REASON_NO_SUCH_KEY,
		           "this kernel has no such key%s%s%s",
		           near ? " (did you mean \"" : "", near ? near : "",
		           near ? "\"?)" : "");
		change_remedy(
			ret, "check the spelling, list the module that provides it under "
			     "`modules:`, or add `optional: true`");
	}
}

static void sysctl_diff(const struct resource *r, struct change *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);
	size_t has;

	if (s->absent) {
		sysctl_diff_absent(r, ret);
		return;
	}
	if (s->write_only) {
		change_set(ret, STATE_REFUSED, REASON_WRITE_ONLY,
		           "write-only key: its current value cannot be read");
		return;
	}
	/* the kernel silently accepts too few or too many words */
	has = sysctl_value_count(r->seen.now);
	if (is_numbers(r->seen.now) && has != s->value.n) {
		change_set(ret, STATE_FAILED, REASON_SHAPE_DIFFERS,
		           "has %zu values (%s), but the profile gives %zu", has,
		           r->seen.now, s->value.n);
		change_remedy(ret, "give all %zu values in the profile", has);
		return;
	}
	if (strcmp(s->write, r->seen.now) == 0)
		return;
	if (s->module.missing) {
		change_set(ret, STATE_FAILED, REASON_MODULE_MISSING, "%s",
		           s->module.missing);
		return;
	}
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "is %s, should be %s",
	           r->seen.now, r->spec.want);
	change_remedy(ret, "sysctl -w %s='%s'", r->name, s->write);
}

static int write_value(const char *key, struct host *h, const char *text, struct err *e)
{
	_free_ char *path = sysctl_key_path(key);

	return host_file_write(h, path, text, e);
}

static int sysctl_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                        struct err *e)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);
	const struct sysctl_known *known = sysctl_known_find(r->name);
	_free_ char *text = NULL, *path = NULL;
	struct err ignored;
	int code;

	mem_set(&s->other, NULL);
	if (known && known->excludes) {
		path = sysctl_key_path(known->excludes);
		(void)host_file_read_line(h, path, &s->other, &ignored);
	}
	code = write_value(r->name, h, s->write, e);
	if (code < 0)
		*ret_reason = REASON_REFUSED_BY_KERNEL;
	/* the kernel's "No such file" refers to the module, which is misleading */
	if (code == -ENOENT && known && known->module_prefix) {
		*ret_reason = REASON_MODULE_MISSING;
		text = sysctl_module_missing(h, known, s->write);
		return err_set(e, code, "%s", text);
	}
	return code;
}

static int sysctl_revert(struct resource *r, struct host *h, struct err *e)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);
	const struct sysctl_known *known = sysctl_known_find(r->name);

	if (s->other && strcmp(r->seen.had, "0") == 0)
		return write_value(known->excludes, h, s->other, e);
	return write_value(r->name, h, r->seen.had, e);
}

static void sysctl_persist(const struct resource *r, const struct node *live,
                           struct node *wanted)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (s->absent || s->write_only)
		return;
	sysctl_persist_want(r, &s->value, live, wanted);
	if (wanted->n > 0 && s->module.keep)
		sysctl_persist_want_module(s->module.keep, wanted);
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
}

const struct kind kind_sysctl = {
	.name = "sysctl",
	.section = "sysctl",
	.doc = "sysctls by key, with dots or slashes as in sysctl.d(5)",
	.shape = SECTION_VALUES,
	.fields = option_fields,
	.after = "module",
	.size = sizeof(struct sysctl),
	.flags = KIND_RESET,
	.canonical = sysctl_key_canonical,
	.parse = sysctl_parse,
	.check_all = sysctl_check_list,
	.observe = sysctl_observe,
	.diff = sysctl_diff,
	.apply = sysctl_apply,
	.revert = sysctl_revert,
	.persist = sysctl_persist,
	.capture = sysctl_capture,
	.varies = sysctl_varies,
	.attribute = sysctl_attribute,
	.read_origins = sysctl_read_origins,
	.free_origins = sysctl_free_origins,
	.done = sysctl_done,
};
