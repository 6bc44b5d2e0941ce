/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/verdict_support.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "diagnose/rules/drive_name.h"

#include <string.h>

/* Lines of one verdict. */
#define SUPPORT_MAX 4

static const struct verdict_rule *rule_of(const struct rules *r, const char *name)
{
	for (size_t i = 0; i < r->verdicts.n; i++)
		if (strcmp(r->verdicts.list[i].name, name) == 0)
			return &r->verdicts.list[i];
	return NULL;
}

/* Whether a finding is of another drive than all causes of the verdict. */
static bool is_of_other_drive(const struct verdict *v, const struct finding *f)
{
	const char *rest = v->causes, *cause;
	bool other = false;
	size_t len;

	while ((cause = words_next(&rest, ',', &len))) {
		_free_ char *name = mem_dup_n(cause, len);

		other = drive_names_differ(name, f->subject);
		if (!other)
			break;
	}
	return other;
}

void verdict_add_support(const struct rules *r, struct diagnosis *d)
{
	const struct verdict_rule *v =
		d->verdict.reason ? rule_of(r, d->verdict.reason) : NULL;
	size_t n = 0;

	for (size_t i = 0; v && v->support && i < d->n && n < SUPPORT_MAX; i++) {
		const struct finding *f = &d->findings[i];

		if (f->count > 0 || !words_have(v->support, ',', f->reason) ||
		    is_of_other_drive(&d->verdict, f))
			continue;
		evidence_add(&d->verdict.evidence,
		             mem_format("now: %s%s%s", f->subject,
		                        *f->subject ? ": " : "", f->text),
		             f->evidence.n > 0 ? f->evidence.list[0].where : NULL);
		n++;
	}
}
