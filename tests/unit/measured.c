/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "measured.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "test.h"
#include "tmproot.h"

struct diagnose_run measured_run;

int measured_setup(void **state)
{
	(void)tmproot_setup(state);
	measured_run = (struct diagnose_run){.h = &tmproot.host};
	return 0;
}

int measured_teardown(void **state)
{
	measures_done(&measured_run.measures);
	return tmproot_teardown(state);
}

const char *measured(const struct diagnose_source *source)
{
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	struct diagnose_run run = {.h = &tmproot.host, .d = &d};
	struct buf out = {0};

	source->end(&run, NULL);
	buf_add(&out, "");
	for (size_t i = 0; i < run.measures.n; i++) {
		const struct measure *m = &run.measures.list[i];
		const char *name = measure_defs[m->id].name;
		_free_ char *value = m->absent ? NULL : measure_format(m);

		buf_addf(&out, "%s%s", m->subject, *m->subject ? ": " : "");
		if (m->absent)
			buf_addf(&out, "%s is absent: %s\n", name, m->absent);
		else
			buf_addf(&out, "%s %s (%s)\n", name, value, m->where);
	}
	measures_done(&run.measures);
	return keep_text(buf_take(&out));
}

const char *measured_value(const struct diagnose_run *run, const char *name,
                           const char *subject)
{
	for (size_t i = 0; i < run->measures.n; i++) {
		const struct measure *m = &run->measures.list[i];

		if (strcmp(measure_defs[m->id].name, name) == 0 &&
		    strcmp(m->subject, subject) == 0)
			return keep_text(m->absent ? mem_format("absent: %s", m->absent)
			                           : measure_format(m));
	}
	return "none";
}
