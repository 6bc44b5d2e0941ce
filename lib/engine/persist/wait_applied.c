/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/wait_applied.h"

#include "base/progress.h"
#include "bottlerocket/applier.h"
#include "engine/settle.h"
#include "host/host.h"

#include <time.h>

#define WAIT_MS  10000 /* services of other settings may restart first */
#define QUIET_MS 3000  /* from the host's file to the end of systemd-sysctl */
#define LOOK_MS  100
#define ROUNDS   3 /* writes: a value that is reset more often will not stay */

static bool pause_within(const struct host *h)
{
	struct timespec ts = {.tv_nsec = LOOK_MS * 1000000L};

	progress_tick();
	return deadline_left_ms(h->deadline, LOOK_MS + 1) > LOOK_MS &&
	       nanosleep(&ts, NULL) == 0;
}

static bool wait_applied_wait_for(const struct host *h, const struct applier *before)
{
	struct applier now;

	for (int waited = 0; waited <= WAIT_MS; waited += LOOK_MS) {
		applier_observe(h, &now);
		if (applier_ran(before, &now))
			return true;
		if (!pause_within(h))
			return false;
	}
	return false;
}

bool wait_applied(struct plan *p, struct host *h, const struct applier *before)
{
	int rounds = 0, quiet = 0;
	bool ran = true;

	if (applier_exists(before)) {
		progress_start("wait for the host to apply the settings");
		ran = wait_applied_wait_for(h, before);
		while (quiet < QUIET_MS && rounds < ROUNDS && pause_within(h)) {
			bool again = plan_reset(p, h, false);

			quiet = again ? 0 : quiet + LOOK_MS;
			rounds += again;
		}
		progress_end();
	}
	(void)plan_reset(p, h, true);
	return ran;
}
