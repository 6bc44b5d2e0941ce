/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The loop over all connections; requests are handled one at a time. */
#ifndef API_SERVER_H
#define API_SERVER_H

struct server;

/* Serve until the stop descriptor is readable. The listening socket is borrowed. */
void server_run(const struct server *server, int listener);

#endif
