/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_RECORD_H
#define DIAGNOSE_LOG_RECORD_H

/* One message of a kernel log. */

#include "diagnose/log/log_time.h"

#include <stddef.h>
#include <stdint.h>

struct log_record {
	const char *text; /* the message alone; borrowed until the next record is read */
	size_t len;
	struct log_time time;
	uint64_t boot; /* counts from 1 in the order of the log */
	uint64_t line; /* of the file, from 1 */
};

#endif
