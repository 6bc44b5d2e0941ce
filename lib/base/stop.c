/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/stop.h"

#include <signal.h>

static volatile sig_atomic_t noted;

void stop_note(int signal)
{
	noted = signal;
}

int stop_signal(void)
{
	return noted;
}

const char *stop_reason(void)
{
	switch (noted) {
	case SIGTERM: return "ended by SIGTERM";
	case SIGINT: return "ended by SIGINT";
	case SIGHUP: return "ended by SIGHUP";
	default: return "ended by a signal";
	}
}
