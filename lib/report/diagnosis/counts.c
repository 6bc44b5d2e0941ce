/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/diagnosis/counts.h"

#include "base/text/buf.h"
#include "diagnose/rules/finding.h"

char *diagnosis_counts(const struct diagnosis *d)
{
	static const char *const many[] = {"critical", "warnings", "notes"};
	static const char *const one[] = {"critical", "warning", "note"};
	struct buf b = {0};

	for (enum finding_severity s = 0; s < FINDING_SEVERITIES; s++) {
		size_t n = diagnosis_count(d, s);

		if (n > 0)
			buf_addf(&b, "%s%zu %s", b.len ? ", " : "", n,
			         n == 1 ? one[s] : many[s]);
	}
	if (b.len == 0)
		buf_add(&b, "nothing found");
	if (d->unread)
		buf_addf(&b, ", %zu not checked", d->n_unchecked);
	return buf_take(&b);
}
