/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The loop over all connections; requests are handled one at a time. */
#ifndef API_SERVER_H
#define API_SERVER_H

#include <stdbool.h>

struct server;

/*
 * Serve until the stop descriptor is readable, or a fault wants a restart: then true is
 * returned. The listening socket is borrowed.
 */
bool server_run(const struct server *server, int listener);

#endif
