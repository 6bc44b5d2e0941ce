/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_EXCHANGE_H
#define UNIT_EXCHANGE_H

/* The client of the Bottlerocket API against the stub server, which can misbehave. */

#include "bottlerocket/api.h"
#include "host/host.h"

#include <stdbool.h>
#include <sys/types.h>

#define CHANGE \
	"{\"motd\": \"hello\", \"kernel\": {\"sysctl\": {\"vm.max_map_count\": \"9\"}}}"

struct exchange {
	const char *name;
	const char *change; /* JSON to send; NULL: read the settings */
	const char *fault, *other_fault;
	int deadline_ms; /* 0: none */
	int code;
	const char *message, *other_message; /* parts of the error */
	const char *log;
	const char
		*repeated; /* the log is this at least twice: how often depends on time */
	bool leaves;       /* the transaction cannot be removed */
};

/* What a test starts. Its teardown ends it, even if an assertion leaves early. */
extern struct exchange_world {
	char dir[64], socket[96], log[96];
	pid_t stub;
	int bound; /* a socket without a server */
	struct host host;
	struct api *api;
	struct node *tree;
} exchange_world;

int exchange_setup(void **state);
int exchange_teardown(void **state);

/* Find the stub. If it is not built, print a message and return NULL. */
const char *exchange_find_stub(void);

/* Start the stub and wait until it reports that it is ready; or become it. */
void exchange_start_stub(const char *stub, const struct exchange *x);
void exchange_exec_stub(const char *stub, const struct exchange *x, int out);

/* Send the change, or read the settings. */
int exchange_run(const struct exchange *x, struct err *e);

/* Leave a transaction, like a run that was killed. */
void exchange_leave(const char *name);

/* What the stub saw: its log, or "PATCH /settings?tx=T 204;" for each request. */
char *exchange_plain_log(void);
char *exchange_log(void);

/* Check that no transaction is pending. */
void exchange_assert_done(void);

#endif
