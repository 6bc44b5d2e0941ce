/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The loop over all connections. One request is handled at a time. */
#ifndef API_SERVER_H
#define API_SERVER_H

#include <stdbool.h>

struct server;

/*
 * Serve until the stop descriptor is readable or a fault demands a restart. @listener is
 * borrowed. Return: true if the server must be restarted.
 */
bool server_run(const struct server *server, int listener);

#endif
