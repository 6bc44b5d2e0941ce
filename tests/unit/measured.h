/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_MEASURED_H
#define UNIT_MEASURED_H

#include "diagnose/rules/source.h"

/* The fixture of tests that take two readings: a run over the temporary root. */
extern struct diagnose_run measured_run;
int measured_setup(void **state);
int measured_teardown(void **state);

/*
 * What the source reads of the temporary root: for each measure, "NAME VALUE (WHERE)" or
 * "NAME is absent: WHY", after "SUBJECT: " if it has a subject, each on one line.
 * Kept until the test ends.
 */
const char *measured(const struct diagnose_source *source);

/* The value of one measure of a run: "64 MiB", "absent: WHY" or "none". Kept likewise. */
const char *measured_value(const struct diagnose_run *run, const char *name,
                           const char *subject);

/* Assert the value of a measure of the node in measured_run. */
#define assert_measured(name, value) \
	assert_string_equal(measured_value(&measured_run, name, ""), value)

#endif
