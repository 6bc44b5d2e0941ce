/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_BOOTS_H
#define DIAGNOSE_LOG_BOOTS_H

/* Which boot a record is of: a file may have the logs of several, one after the other. */

#include "diagnose/log/record.h"

struct boots {
	uint64_t boot;    /* the current one, from 1; 0: there was no record yet */
	uint64_t records; /* of it */
	int64_t last;     /* the latest time since boot, in microseconds */
};

/* Set record->boot, and begin a new boot if its time or its text shows one. */
void boots_place(struct boots *b, struct log_record *record);

/* The next record is of a new boot. */
void boots_next(struct boots *b);

#endif
