/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_FILES_H
#define COLLECT_FILES_H

struct host;

/*
 * Copy the files of the host to h->record, as far as its limits and the host's deadline
 * allow; note there what could not be read, and why.
 */
void collect_files(const struct host *h);

#endif
