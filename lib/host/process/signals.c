/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/signals.h"

#include "base/macro.h"
#include "base/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int caught[] = {SIGTERM, SIGINT, SIGHUP};

static void signals_set_of(sigset_t *set)
{
	(void)sigemptyset(set);
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++)
		(void)sigaddset(set, caught[i]);
}

/* The kernel kills the children with their parent (PR_SET_PDEATHSIG). */
static void on_signal(int signal)
{
	if (stop_signal())
		_exit(128 + signal);
	stop_note(signal);
}

void signals_catch(void)
{
	struct sigaction act = {.sa_handler = on_signal}, had;
	sigset_t set;

	signals_set_of(&set);
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++)
		if (sigaction(caught[i], NULL, &had) == 0 && had.sa_handler != SIG_IGN)
			(void)sigaction(caught[i], &act, NULL);
	/* a parent may have blocked them */
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void signals_leave_to_parent(void)
{
	sigset_t set;

	signals_set_of(&set);
	(void)sigprocmask(SIG_SETMASK, &set, NULL);
}
