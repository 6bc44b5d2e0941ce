/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_WITHHELD_H
#define IMPORT_WITHHELD_H

struct import;
struct node;

/*
 * Move settings that no profile should have to what is omitted: secrets, which would be
 * readable in the user data of each node; the identity of one node; and hosttune's own
 * containers.
 */
void withhold(struct import *im, struct node *settings);

#endif
