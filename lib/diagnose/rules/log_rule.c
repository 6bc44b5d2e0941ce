/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/log_rule.h"

#include "base/num.h"

#include <stdlib.h>
#include <string.h>

void log_rule_fields(const struct log_rule *r,
                     struct expr_fact ret[LOG_RULE_FIELDS_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		for (size_t j = 0; j < r->patterns[i].n_fields; j++) {
			const char *name = r->patterns[i].fields[j].name;
			size_t at = 0;

			while (at < n && strcmp(ret[at].name, name) != 0)
				at++;
			if (at == n && n < LOG_RULE_FIELDS_MAX)
				ret[n++] = (struct expr_fact){
					.name = name,
					.type = EXPR_NUMBER,
					.absent = "is not in the message"};
		}
	}
	ret[n] = (struct expr_fact){0};
}

static bool where_holds(const struct log_rule *r, const struct log_fields *fields)
{
	struct expr_fact facts[LOG_RULE_FIELDS_MAX + 1];
	struct expr_error e;
	int64_t holds = 0;

	log_rule_fields(r, facts);
	for (struct expr_fact *f = facts; f->name; f++) {
		const char *value = log_fields_get(fields, f->name, strlen(f->name));

		if (value && num_i64(value, &f->value) == 0)
			f->absent = NULL;
	}
	return expr_eval(r->where, &(struct expr_facts){.list = facts}, EXPR_BOOL, &holds,
	                 &e) == 0 &&
	       holds;
}

bool log_rule_match(const struct log_rule *r, size_t pattern, const char *message,
                    size_t len, struct log_fields *ret)
{
	if (!pattern_match(&r->patterns[pattern], message, len, ret))
		return false;
	if (!r->where || where_holds(r, ret))
		return true;
	log_fields_done(ret);
	return false;
}

void log_rule_free(struct log_rule *r)
{
	for (size_t i = 0; r && i < r->n; i++)
		pattern_done(&r->patterns[i]);
	if (r) {
		free(r->patterns);
		free(r->where);
		free(r->subject);
	}
	free(r);
}
