/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "locking.h"

#include "complain.h"

#include "engine/lock.h"
#include "host/host.h"

#include <errno.h>
#include <stdio.h>

static void report_wait(const char *text)
{
	complain("waiting: %s", text);
}

int locking_take(const struct options *o, struct host *h, struct err *e)
{
	struct deadline until = o->value[OPTION_LOCK_WAIT]
	                                ? deadline_in_ms((int64_t)o->lock_wait_s * 1000)
	                                : (struct deadline){0};

	return lock_wait(h, deadline_earlier(h->deadline, until), report_wait, e);
}

enum exit_code locking_exit_code(int code)
{
	return code == LOCK_HELD ? EXIT_LOCKED
	       : code == -EINTR  ? EXIT_SIGNAL
	                         : EXIT_FAILED;
}
