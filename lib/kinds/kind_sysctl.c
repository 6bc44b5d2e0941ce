/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A sysctl: one value, or a vector of them, each exact or a bound that only raises or
 * only lowers what is there.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/host_file.h"
#include "kinds/kinds.h"
#include "kinds/sysctl_capture.h"
#include "kinds/sysctl_check.h"
#include "kinds/sysctl_key.h"
#include "kinds/sysctl_known.h"
#include "kinds/sysctl_module.h"
#include "kinds/sysctl_stored.h"
#include "kinds/sysctl_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX_BYTES 4096

struct sysctl {
	struct resource r;
	struct sysctl_value value;
	bool absent, write_only;
	char *write; /* what to write: `values` against what is there now */
	struct sysctl_module module;
	char *other; /* before the write: the value of the key that excludes this one */
};

struct options {
	struct resource *r;
	bool persist, optional;
};

#define BOUND(name_, doc_)                                                         \
	.name = name_, .type = FIELD_SIZE, .max = UINT64_MAX, .alternative = true, \
	.doc = doc_
#define MIN_FIELD BOUND("min", "raise to this, never lower")
#define MAX_FIELD BOUND("max", "lower to this, never raise")

static const struct field bound_fields[] = {{MIN_FIELD}, {MAX_FIELD}, {0}};

static const struct field option_fields[] = {
	{.name = "value",
         .type = FIELD_VECTOR,
         .fields = bound_fields,
         .alternative = true,
         .doc = "the value, a list for a vector"},
	{MIN_FIELD},
	{MAX_FIELD},
	{.name = "persist",
         .type = FIELD_BOOL,
         .offset = offsetof(struct options, persist),
         .doc = "also keep it in the Bottlerocket settings (default true)"},
	{.name = "optional",
         .type = FIELD_BOOL,
         .offset = offsetof(struct options, optional),
         .doc = "a kernel without this key is fine (default false)"},
	{0},
};

/* {value: 10, persist: false} or {min: 16MiB, optional: true} */
static void parse_options(struct sysctl *s, const struct node *n, struct problems *ps)
{
	const struct node *value = node_get(n, "value"), *min = node_get(n, "min"),
			  *max = node_get(n, "max");
	const struct field *const tables[] = {option_fields, field_when};
	struct options o = {.persist = true};

	fields_check_known(tables, ARRAY_SIZE(tables), n, s->r.name, ps);
	fields_parse(option_fields + 3, n, &o, ps);
	s->r.no_persist |= !o.persist;
	s->r.optional = o.optional;
	if (!!value + !!min + !!max != 1)
		problems_add(ps, n->at,
		             "sysctl %s: should have one of value, min and max",
		             s->r.name);
	else if (value)
		sysctl_value_parse(&s->value, s->r.name, value, ps);
	else
		sysctl_value_parse_bound(&s->value, s->r.name,
		                         min ? SYSCTL_MIN : SYSCTL_MAX, min ? min : max,
		                         ps);
}

static bool parse(struct resource *r, const struct node *n, struct problems *ps)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);
	const char *fault = sysctl_key_fault(r->name);
	size_t before = ps->n;

	if (fault)
		problems_add(ps, n->key_at, "sysctl \"%s\": %s", n->key, fault);
	if (n->type == NODE_MAP)
		parse_options(s, n, ps);
	else
		sysctl_value_parse(&s->value, r->name, n, ps);
	r->want = sysctl_value_describe(&s->value);
	if (!r->no_persist)
		r->claim = mem_format("setting kernel.sysctl of %s", r->name);
	if (ps->n == before && s->value.n == 0)
		problems_add(ps, n->at, "sysctl %s: has no value", r->name);
	if (strlen(r->want) > VALUE_MAX_BYTES)
		problems_add(ps, n->at, "sysctl %s: is longer than any sysctl", r->name);
	if (!s->r.no_persist)
		sysctl_stored_check(r->name, &s->value, ps);
	if (ps->n == before)
		sysctl_check(&(struct sysctl_wanted){r->name, r->at, &s->value, r->when},
		             ps);
	r->needs = sysctl_known_modules(r->name);
	return true;
}

static void check_all(struct resource *const *list, size_t n,
                      const struct host_facts *facts, struct problems *ps)
{
	_free_ struct sysctl_wanted *all = mem_new(n, sizeof(*all));

	for (size_t i = 0; i < n; i++) {
		const struct sysctl *s = CONST_CONTAINER_OF(list[i], struct sysctl, r);

		all[i] = (struct sysctl_wanted){list[i]->name, list[i]->at, &s->value,
		                                list[i]->when};
	}
	sysctl_check_all(all, n, facts, ps);
}

static bool is_write_only(const struct host *h, const char *path)
{
	struct err ignored;
	struct stat st;

	return host_file_stat(h, path, &st, &ignored) == 0 && S_ISREG(st.st_mode) &&
	       !(st.st_mode & 0444);
}

static int observe(struct resource *r, const struct host *h, struct err *e)
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
	r->now = sysctl_value_collapse(raw);
	mem_set(&s->write, sysctl_value_resolve(&s->value, r->now));
	return sysctl_module_check(&s->module, h, r->name, r->now, s->write, e);
}

static bool is_numbers(const char *s)
{
	return *s && !s[strspn(s, "0123456789- ")];
}

static void diff_absent(const struct resource *r, struct change *ret)
{
	const char *near = sysctl_known_near(r->name);

	if (r->waits)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "not there yet: comes with a module that is to be loaded");
	else if (r->optional)
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "this kernel has no such key, and it is optional");
	else {
		change_set(ret, STATE_FAILED, REASON_NO_SUCH_KEY,
		           "this kernel has no such key%s%s%s",
		           near ? " (did you mean \"" : "", near ? near : "",
		           near ? "\"?)" : "");
		change_remedy(ret,
		              "check the spelling, name the module that brings it under "
		              "modules:, or say optional: true");
	}
}

static void diff(const struct resource *r, struct change *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);
	size_t has;

	if (s->absent) {
		diff_absent(r, ret);
		return;
	}
	if (s->write_only) {
		change_set(ret, STATE_REFUSED, REASON_WRITE_ONLY,
		           "can only be written: what it is now cannot be known");
		return;
	}
	/* the kernel takes fewer words, or more, without a complaint */
	has = sysctl_value_count(r->now);
	if (is_numbers(r->now) && has != s->value.n) {
		change_set(ret, STATE_FAILED, REASON_SHAPE_DIFFERS,
		           "holds %zu values (%s), the profile gives %zu", has, r->now,
		           s->value.n);
		change_remedy(ret, "give all of its %zu values", has);
		return;
	}
	if (strcmp(s->write, r->now) == 0)
		return;
	if (s->module.missing) {
		change_set(ret, STATE_FAILED, REASON_MODULE_MISSING, "%s",
		           s->module.missing);
		return;
	}
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "is %s, wanted %s", r->now,
	           r->want);
	change_remedy(ret, "sysctl -w %s='%s'", r->name, s->write);
}

static int write_value(const char *key, struct host *h, const char *text, struct err *e)
{
	_free_ char *path = sysctl_key_path(key);

	return host_file_write(h, path, text, e);
}

static int apply(struct resource *r, struct host *h, enum reason *ret_reason,
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
	/* the kernel's "No such file" means the module, and misleads */
	if (code == -ENOENT && known && known->module_prefix) {
		*ret_reason = REASON_MODULE_MISSING;
		text = sysctl_module_missing(h, known, s->write);
		return err_set(e, code, "%s", text);
	}
	return code;
}

static int revert(struct resource *r, struct host *h, struct err *e)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);
	const struct sysctl_known *known = sysctl_known_find(r->name);

	if (s->other && strcmp(r->had, "0") == 0)
		return write_value(known->excludes, h, s->other, e);
	return write_value(r->name, h, r->had, e);
}

static void persist(const struct resource *r, const struct node *live,
                    struct node *wanted)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	if (s->absent || s->write_only)
		return;
	sysctl_stored_want(r, &s->value, live, wanted);
	if (wanted->n > 0 && s->module.keep)
		sysctl_stored_want_module(s->module.keep, wanted);
}

static void explain(const struct resource *r, const struct persistence *p,
                    struct change *c)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	sysctl_stored_explain(r, &s->value, p, c);
}

static const char *varies(const struct resource *r)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	for (size_t i = 0; i < s->value.n; i++)
		if (s->value.words[i].unknown)
			return VARIES_FORMULA;
	return sysctl_value_has_bound(&s->value)
	               ? "a bound, which depends on what the node has"
	               : NULL;
}

static void done(struct resource *r)
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
	.doc = "values by key, written with dots or slashes as in sysctl.d(5)",
	.shape = SECTION_VALUES,
	.fields = option_fields,
	.after = &kind_module,
	.size = sizeof(struct sysctl),
	.flags = KIND_RESET,
	.canonical = sysctl_key_canonical,
	.parse = parse,
	.check_all = check_all,
	.observe = observe,
	.diff = diff,
	.apply = apply,
	.revert = revert,
	.persist = persist,
	.capture = sysctl_capture,
	.varies = varies,
	.explain = explain,
	.done = done,
};
