/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_STACK_H
#define DIAGNOSE_LOG_STACK_H

/* Stacks of a kernel log: the records that follow the report of a lockup. */

#include "diagnose/log/record.h"
#include "diagnose/rules/stack_class.h"

#include <stdbool.h>

struct stack {
	bool open;        /* records are part of it */
	uint64_t classes; /* that its functions show */
	unsigned frames, records;
	struct log_record from; /* time and boot of the report */
};

/* The stack of a report begins behind this record. */
void stack_begin(struct stack *s, const struct log_record *report);

/* Read a record; it may end the stack. */
void stack_add(struct stack *s, const struct stack_classes *classes,
               const struct log_record *record);

#endif
