/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/pattern.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "diagnose/rules/ere.h"

#include <errno.h>
#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* Groups of one expression, the whole match among them. */
#define GROUPS_MAX 24

/* States of one expression: with more, it would need seconds and hundreds of MiB. */
#define SIZE_MAX_STATES 4096

/* --- named groups --------------------------------------------------------------------
 */

static int add_field(struct pattern *p, const char *name, size_t len, size_t group,
                     struct err *e)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	struct pattern_field *f;

	if (len == 0 || strspn(name, set) != len)
		return err_set(e, -EINVAL,
		               "the name of a group is of lower-case letters, digits "
		               "and \"_\": (?<cpu>[0-9]+)");
	if (p->n_fields == PATTERN_FIELDS_MAX)
		return err_set(e, -EINVAL, "has more than %d named groups",
		               PATTERN_FIELDS_MAX);
	for (size_t i = 0; i < p->n_fields; i++)
		if (strlen(p->fields[i].name) == len &&
		    strncmp(p->fields[i].name, name, len) == 0)
			return err_set(e, -EINVAL, "names two groups \"%s\"",
			               p->fields[i].name);
	f = &p->fields[p->n_fields++];
	*f = (struct pattern_field){.name = mem_dup_n(name, len), .group = group};
	f->micro = len > 3 && strcmp(f->name + len - 3, "_us") == 0;
	if (f->micro)
		f->name[len - 2] = 'm';
	return 0;
}

/* Take the names out of the expression. Return: 0, or -EINVAL. */
static int take_names(struct pattern *p, struct buf *ere, struct err *e)
{
	size_t group = 0;

	buf_add(ere, "");
	for (const char *s = p->text; *s;) {
		size_t len = 1;

		if (*s == '[')
			len = (size_t)(ere_skip_class(s) - s);
		else if (*s == '\\' && s[1])
			len = 2;
		if (len == 2 && s[1] >= '1' && s[1] <= '9')
			return err_set(
				e, -EINVAL,
				"refers back to a group (\\%c), which can take for ever",
				s[1]);
		buf_add_n(ere, s, len);
		group += *s == '(';
		s += len;
		if (s[-1] != '(' || len != 1 || strncmp(s, "?<", 2) != 0)
			continue;
		len = strcspn(s + 2, ">");
		if (s[2 + len] != '>')
			return err_set(e, -EINVAL, "the name of a group has no \">\"");
		if (add_field(p, s + 2, len, group, e) < 0)
			return e->code;
		s += len + 3;
	}
	if (group >= GROUPS_MAX)
		return err_set(e, -EINVAL, "has too many groups");
	return ere_size(ere->text) <= SIZE_MAX_STATES
	               ? 0
	               : err_set(e, -EINVAL,
	                         "repeats too much: {9} and + copy what they repeat");
}

/* An expression without names, compiled at the first match. */
struct pattern_regex {
	char *text;
	regex_t compiled;
	int state; /* 1: compiled; -1: it cannot be */
};

int pattern_read(struct pattern *p, const char *text, struct err *e)
{
	_buf_ struct buf ere = {0};
	int r;

	*p = (struct pattern){.text = mem_dup(text)};
	r = take_names(p, &ere, e);
	if (r < 0)
		return r;
	p->literal = ere_literal(ere.text, PATTERN_LITERAL_MIN);
	p->regex = mem_new(1, sizeof(*p->regex));
	p->regex->text = buf_take(&ere);
	return p->literal
	               ? 0
	               : err_set(e, -EINVAL,
	                         "has no text of %d characters that each match contains "
	                         "(write alternatives as separate patterns)",
	                         PATTERN_LITERAL_MIN);
}

/* Return: what regcomp(3) does. */
static int compile(struct pattern_regex *x)
{
	int r = x->state == 0 ? regcomp(&x->compiled, x->text, REG_EXTENDED) : 0;

	mem_need(r != REG_ESPACE);
	if (x->state == 0)
		x->state = r == 0 ? 1 : -1;
	return r;
}

int pattern_check(const struct pattern *p, struct err *e)
{
	int r = compile(p->regex);
	char why[256];

	if (r == 0)
		return 0;
	(void)regerror(r, &p->regex->compiled, why, sizeof(why));
	return err_set(e, -EINVAL, "%s", why);
}

/* --- matching ------------------------------------------------------------------------
 */

static char *value_of(const struct pattern_field *f, char *text)
{
	uint64_t micro;
	char *value;

	if (!f->micro || num_u64(text, &micro) < 0)
		return text;
	value = mem_format("%" PRIu64, micro / 1000);
	free(text);
	return value;
}

bool pattern_match(const struct pattern *p, const char *message, size_t len,
                   struct log_fields *ret)
{
	regmatch_t m[GROUPS_MAX];
	int r;

	*ret = (struct log_fields){0};
	m[0] = (regmatch_t){.rm_so = 0, .rm_eo = (regoff_t)len};
	if (compile(p->regex) != 0 || p->regex->state < 0)
		return false;
	r = regexec(&p->regex->compiled, message, GROUPS_MAX, m, REG_STARTEND);
	mem_need(r != REG_ESPACE);
	if (r != 0)
		return false;
	for (size_t i = 0; i < p->n_fields; i++) {
		const regmatch_t *g = &m[p->fields[i].group];

		if (g->rm_so >= 0)
			ret->list[ret->n++] = (struct log_field){
				p->fields[i].name,
				value_of(&p->fields[i],
			                 mem_dup_n(message + g->rm_so,
			                           (size_t)(g->rm_eo - g->rm_so)))};
	}
	return true;
}

const char *log_fields_get(const struct log_fields *f, const char *name, size_t len)
{
	for (size_t i = 0; i < f->n; i++)
		if (strlen(f->list[i].name) == len &&
		    strncmp(f->list[i].name, name, len) == 0)
			return f->list[i].value;
	return NULL;
}

void log_fields_done(struct log_fields *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->list[i].value);
	*f = (struct log_fields){0};
}

void pattern_done(struct pattern *p)
{
	if (p->regex) {
		if (p->regex->state > 0)
			regfree(&p->regex->compiled);
		free(p->regex->text);
	}
	free(p->regex);
	free(p->text);
	free(p->literal);
	for (size_t i = 0; i < p->n_fields; i++)
		free(p->fields[i].name);
	*p = (struct pattern){0};
}
