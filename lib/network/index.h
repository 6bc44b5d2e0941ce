/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_INDEX_H
#define NETWORK_INDEX_H

/*
 * The kernel's number of an interface, which stays the same while it is renamed, and is
 * never given to another one.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;

/*
 * Read the number of an interface; 0 in a captured tree, which has none.
 * Return: 0; -ENODEV: no such interface; -errno.
 */
int net_index_read(const struct host *h, const char *interface, unsigned *ret,
                   struct err *e);

/*
 * Whether the interface still has the number that it had, `index`; 0: it had none.
 * Return: 0; -ENODEV: it is gone; -ESTALE: it has another name, or another interface has
 * its name; -errno: unknown.
 */
int net_index_check(const struct host *h, const char *interface, unsigned index,
                    struct err *e);

/* --- objects of a journal, which outlive the run ---------------------------------------
 */

/* The word for an interface: "eth0:2", with its number; "eth0" without. Owned. */
char *net_index_word(const char *interface, unsigned index);

/* Whether two words mean one interface: by number, by name where one has none. */
bool net_index_is_same(const char *a, const char *b);

/*
 * Find the name that the interface of a word has now; *ret_name is owned. Return: 0;
 * -ENODEV: it is gone; -EINVAL: it is no such word; -errno.
 */
int net_index_name(const struct host *h, const char *word, char **ret_name,
                   struct err *e);

#endif
