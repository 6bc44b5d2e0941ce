/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_SCHEMA_DIAGNOSIS_H
#define REPORT_SCHEMA_DIAGNOSIS_H

struct node;

/* Make the JSON Schema of what report_diagnosis_json() prints. Owned by the caller. */
struct node *report_schema_of_diagnosis(void);

#endif
