/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef API_CLIENT_CLIENT_H
#define API_CLIENT_CLIENT_H

/* A stub in a child process, and requests to it. */

#include "base/err.h"

#include <sys/types.h>

struct stub {
	char *dir, *settings, *socket; /* paths; dir is temporary */
	pid_t pid;
};

/*
 * Start the stub `program` as the given version of the core kit, with `settings` (JSON),
 * and wait until it serves. Return: 0 or -errno; stub_stop() must follow in both cases.
 */
int stub_start(struct stub *stub, const char *program, const char *version,
               const char *settings, struct err *e);

/* End the stub and remove its files. */
void stub_stop(struct stub *stub);

struct reply {
	int status;
	char *type; /* NULL: no Content-Type */
	char *body;
};

/*
 * Send a request with the Content-Type application/json on its own connection; "" is no
 * body. Return: 0 or -errno, also for an answer that is not valid HTTP.
 */
int stub_ask(const struct stub *stub, const char *method, const char *target,
             const char *body, struct reply *ret, struct err *e);

void reply_done(struct reply *reply);

#endif
