/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_FILES_APPLY_H
#define ENGINE_PERSIST_FILES_APPLY_H

/* Write the files of a host without the Bottlerocket API. */

struct host;
struct persist;
struct plan;

/*
 * Write the files that differ, read them back, and report what they hold. If that is not
 * possible, it is an error only where persistence was asked for; else s->message has why.
 */
void files_apply(struct persist *s, struct plan *p, struct host *h);

#endif
