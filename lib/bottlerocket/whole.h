/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_WHOLE_H
#define BOTTLEROCKET_WHOLE_H

/*
 * The API server merges what it receives into its settings, value by value. Some objects
 * it accepts only whole: what is missing there is an error, or gets its default.
 */

struct node;

/*
 * Reduce `change`, a tree of settings to send, to what the server needs: drop what `live`
 * has already, and complete objects that the server accepts only whole with the rest that
 * `live` has. A value that is sent becomes strong on newer hosts, even if it does not
 * change: an update of the OS would not replace it any more.
 */
void whole_reduce(struct node *change, const struct node *live);

#endif
