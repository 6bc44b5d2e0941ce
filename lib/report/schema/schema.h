/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_SCHEMA_SCHEMA_H
#define REPORT_SCHEMA_SCHEMA_H

#include <stdio.h>

/* Print the JSON Schema (2020-12) of profiles, for editors. Needs no profile. */
void report_schema(FILE *out);

/* Print the JSON Schema of what report_json() prints. */
void report_schema_of_reports(FILE *out);

#endif
