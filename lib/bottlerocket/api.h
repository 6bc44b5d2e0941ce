/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_API_H
#define BOTTLEROCKET_API_H

/*
 * The settings of a Bottlerocket host, read and changed over the API's unix socket.
 *
 * The API merges what it receives into its settings, so nothing can be unset through it.
 * Each exchange ends within 60 s or at the host's deadline, whichever comes first. A
 * refused connection (the server restarts within 5 s) and the status codes 423 and 503
 * are retried within that time. Errors read `PATCH /settings: 400: <the server's
 * message>`, without the secrets of what was sent.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct api;
struct node;

/*
 * Prepare to use h->api_socket; this does not connect yet. `h` is borrowed until
 * api_free(). In a bootstrap container, wait a moment for a missing socket to
 * appear.
 * Return: 0; -ENOENT if the host has no API or the socket does not exist; -errno if that
 * cannot be determined.
 */
int api_open(const struct host *h, struct api **ret, struct err *e);

/*
 * Read all settings as a tree owned by the caller, with "kernel" at its top level.
 *
 * Return: 0; -ECONNREFUSED, -EACCES, -ENOENT if the connection to the API fails;
 * -ETIMEDOUT; -ECONNRESET, -EPROTO, -EMSGSIZE for a response that is incomplete, not
 * HTTP, or longer than 1 MiB; -EREMOTEIO for a status other than 200, but -ENOKEY for 500
 * from a server that answers other requests: its settings are inaccessible; -EBADMSG if
 * the body is not a JSON object, or has more than API_VALUES_MAX values.
 */
int api_settings(struct api *a, struct node **ret, struct err *e);

/*
 * Ask which services the host renders or restarts after a change to `settings`: a map of
 * settings to lists of names, owned by the caller.
 * Return: as api_settings().
 */
int api_services(struct api *a, const struct node *settings, struct node **ret,
                 struct err *e);

/*
 * Begin a change: remove transactions that earlier runs left behind, for which the caller
 * must hold the lock, and read all settings as api_settings() does.
 *
 * The API cannot compare before it stores. What a change has of the current settings, as
 * the rest of a list, must be from here, and api_change() follows at once: it replaces
 * what others store between the two.
 */
int api_begin(struct host *h, struct api *a, struct node **ret, struct err *e);

/*
 * Apply the tree `settings` (in the form of api_settings()) in its own transaction, after
 * api_begin(). An empty tree is a no-op. The host renders and applies settings after it
 * has responded, so the caller must check their effect.
 *
 * Return: as api_settings(). After a failure the transaction has been removed, which
 * may take 3 s beyond the deadline, or `e` says that it may remain (the host drops it at
 * the next boot). A commit whose outcome is unknown is never sent again; `e` says whether
 * the settings were committed, and *ret_maybe is true if they were or may have been.
 */
int api_change(struct host *h, struct api *a, const struct node *settings,
               bool *ret_maybe, struct err *e);

void api_free(struct api *a);

#endif
