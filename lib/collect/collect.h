/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

struct err;
struct host;
struct profile;

/*
 * Collect a bundle of a live host into h->record, which is new. Reads only. Call
 * collect_profile() for each profile then, and collect_end() last.
 */
void collect_begin(const struct host *h, const char *version);

/* Keep what an audit of the profile asks the host and the API. */
void collect_profile(const struct host *h, const struct profile *p);

/*
 * Ask what audits of other profiles may, and seal the bundle.
 * Return: 0; -EEXIST: it cannot be read again.
 */
int collect_end(const struct host *h, struct err *e);

#endif
