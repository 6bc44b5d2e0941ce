/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_WAITERS_H
#define DIAGNOSE_COUNTERS_WAITERS_H

/* Tasks that wait in state D, counted by name and by the function in which they wait. */

#include <stddef.h>

/* So many different pairs are kept; all tasks are counted. */
#define WAITERS_MAX 32

struct waiters {
	struct waiters_row {
		char *text; /* "nfsd in rq_qos_wait" */
		size_t n;
	} list[WAITERS_MAX];
	size_t n, tasks;
};

/* Add a task; of "kworker/3:1" only "kworker" counts. */
void waiters_add(struct waiters *w, const char *task, const char *where);

/* "8 nfsd in rq_qos_wait, 1 fio in ...": the most first; "none". Owned by the caller. */
char *waiters_text(struct waiters *w);

void waiters_done(struct waiters *w);

#endif
