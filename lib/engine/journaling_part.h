/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_JOURNALING_PART_H
#define ENGINE_JOURNALING_PART_H

/* What the files of engine/journaling share. */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct journal_record;
struct journaling;
struct node;
struct resource;

/* Open the journal. Return: 0, also if there is no place for one, as g->none says. */
int journaling_open(struct journaling *g, struct host *h, struct err *e);

/* Takes ownership of the record; `owner` may be NULL. Return: whether it is new. */
bool journaling_add(struct journaling *g, struct journal_record *record,
                    const struct resource *owner);

/* Whether the record's file for the next boot is as it was: it could not be written. */
bool journaling_file_is_unwritten(const struct journal_record *record,
                                  const struct host *h);

/* Whether the record's file is what a run wrote that recorded it as `desired`. */
bool journaling_file_has(const struct journal_record *record, const struct node *desired,
                         const struct host *h);

/* Write the journal, if it changed and there is one. */
int journaling_save(struct journaling *g, bool changed, struct err *e);

#endif
