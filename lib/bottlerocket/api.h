/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_API_H
#define BOTTLEROCKET_API_H

/*
 * The settings of a Bottlerocket host, over the API's unix socket.
 *
 * The API merges what it is given into what it has: nothing can be unset through it.
 * Each exchange ends within 60 s or at the host's deadline, whichever is first; a
 * refused connection (the server restarts within 5 s) and the answers 423 and 503 are
 * tried again within that time. Errors read `PATCH /settings: 400: <what it said>`.
 */

#include "base/err.h"

struct host;
struct api;
struct node;

/*
 * Prepare to use h->api_socket; nothing is connected yet. `h` is borrowed until
 * api_free(). In a bootstrap container a socket that is missing may come.
 * Return: 0; -ENOENT if the host has no API or no socket is there; -errno if that
 * cannot be seen.
 */
int api_open(const struct host *h, struct api **ret, struct err *e);

/*
 * All settings as a tree owned by the caller, "kernel" at its top.
 *
 * Return: 0; -ECONNREFUSED, -EACCES, -ENOENT if the API cannot be connected to;
 * -ETIMEDOUT; -ECONNRESET, -EPROTO, -EMSGSIZE for an answer cut short, not HTTP, or
 * longer than 1 MiB; -EREMOTEIO for a status other than 200, but -ENOKEY for 500 from
 * a server that answers otherwise: its settings are out of reach; -EBADMSG if the body
 * is no JSON object, or has more than API_VALUES_MAX values.
 */
int api_settings(struct api *a, struct node **ret, struct err *e);

/*
 * Which services the host renders or restarts for a change to `settings`: a map of
 * settings to lists of names, owned by the caller. Return: as api_settings().
 */
int api_services(struct api *a, const struct node *settings, struct node **ret,
                 struct err *e);

/*
 * Put the tree `settings` (in the form of api_settings()) into effect, in one
 * transaction of our own. An empty tree is nothing to do. The host renders and
 * applies settings after the answer: their effect has to be looked for. Transactions
 * that other runs left behind are removed first: hold the lock.
 *
 * Return: as api_settings(). After a failure the transaction was removed, which
 * may take 3 s beyond the deadline, or `e` tells that it is left behind (the host
 * drops it at the next boot). A commit whose outcome is unknown is never sent again;
 * `e` tells whether it was taken.
 */
int api_change(struct host *h, struct api *a, const struct node *settings, struct err *e);

void api_free(struct api *a);

#endif
