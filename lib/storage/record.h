/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_RECORD_H
#define STORAGE_RECORD_H

struct host;

/*
 * Ask about each drive and mount point what any storage item may ask; for a bundle. Some
 * of the drives may be in use: like an audit, this only reads.
 */
void storage_record(const struct host *h);

#endif
