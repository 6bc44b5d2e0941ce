/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_MEASURED_H
#define UNIT_MEASURED_H

struct diagnose_run;
struct diagnose_source;

/*
 * What the source reads of the temporary root: for each measure, "NAME VALUE (WHERE)" or
 * "NAME is absent: WHY", after "SUBJECT: " if it has a subject, each on one line.
 * Kept until the test ends.
 */
const char *measured(const struct diagnose_source *source);

/* The value of one measure of a run: "64 MiB", "absent: WHY" or "none". Kept likewise. */
const char *measured_value(const struct diagnose_run *run, const char *name,
                           const char *subject);

#endif
