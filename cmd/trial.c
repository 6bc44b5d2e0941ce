/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* apply --try, and confirm. */
#include "trial.h"
#include "complain.h"

#include "base/mem.h"
#include "engine/capabilities.h"
#include "engine/lock.h"
#include "engine/undo/trial.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/detach.h"
#include "locking.h"
#include "power.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How often the guard looks whether the trial is confirmed. */
#define LOOK_MS 500
/* How often it tries again what could not be restored, and how many times. */
#define AGAIN_MS 30000
#define AGAIN    20
/* What one attempt may take. */
#define LIMIT_MS 300000

static void pause_ms(int64_t ms)
{
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	(void)nanosleep(&ts, NULL);
}

/* Its terminal may be gone: the kernel log is where others look. */
static void log_line(const char *text)
{
	_free_ char *line = mem_format("hosttune: %s\n", text);
	_close_ int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)!write(fd, line, strlen(line));
}

static void print_end(const char *text)
{
	complain("%s", text);
}

/* Return: as trial_end(). */
static int end_trials(const struct options *o, struct host *h, bool last)
{
	struct err e = {0};
	_close_ int lock = -1;
	int r;

	h->deadline = deadline_in_ms(LIMIT_MS);
	lock = lock_wait(h, h->deadline, NULL, &e);
	r = lock < 0 ? lock
	             : trial_end(h, o->value[OPTION_STATE_DIR], last, log_line, &e);
	if (r < 0)
		log_line(e.text);
	return r;
}

/*
 * While it cannot be read whether there is a trial, as on a node without memory or
 * descriptors, look again: for the time of the trial, and as long as it is tried to end
 * it.
 */
static void watch_trials(const struct options *o, struct host *h)
{
	int64_t left, unknown_ms = 0,
		      longest_ms = (int64_t)o->try_s * 1000 + AGAIN * AGAIN_MS;
	struct err e = {0};
	int r, again = 0;

	while ((r = trial_left(h, o->value[OPTION_STATE_DIR], &left, &e)) != 0) {
		if (r < 0) {
			if (unknown_ms == 0 || unknown_ms > longest_ms)
				log_line(e.text);
			if (unknown_ms > longest_ms)
				return;
			unknown_ms += LOOK_MS;
			pause_ms(LOOK_MS);
			continue;
		}
		unknown_ms = 0;
		if (left > 0) {
			pause_ms(left < LOOK_MS ? left : LOOK_MS);
			continue;
		}
		if (end_trials(o, h, again + 1 == AGAIN) == 0)
			continue;
		if (++again == AGAIN)
			return;
		pause_ms(AGAIN_MS);
	}
}

int trial_guard(const struct options *o, struct host *h, int *ret_fd)
{
	struct err e = {0};
	int r = process_detach(ret_fd, &e);

	if (r < 0)
		complain("--try: %s", e.text);
	if (r == 1) {
		capabilities_limit(capabilities_to_revert() | power_always(o));
		process_detach_wait(*ret_fd);
		watch_trials(o, h);
	}
	return r < 0 ? -1 : r;
}

void trial_settle(const struct options *o, struct host *h)
{
	struct err e = {0};

	if (trial_end(h, o->value[OPTION_STATE_DIR], true, print_end, &e) < 0)
		complain("warning: %s", e.text);
}

bool trial_is_free(const struct options *o, struct host *h)
{
	struct err e = {0};
	int64_t left;
	int r = trial_left(h, o->value[OPTION_STATE_DIR], &left, &e);

	if (r < 0)
		complain("--try: whether an earlier run is on trial is unknown: %s",
		         e.text);
	else if (r > 0 && left > 0)
		complain("--try: an earlier run is on trial for %lld more seconds "
		         "(\"hosttune confirm\" keeps it, \"hosttune revert\" ends it)",
		         (long long)(left + 999) / 1000);
	else if (r > 0)
		complain("--try: an earlier trial has ended, but could not be reverted "
		         "yet (\"hosttune confirm\" keeps what remains, \"hosttune "
		         "revert\" tries again)");
	return r == 0;
}

void trial_announce(const struct options *o, struct host *h)
{
	struct err e = {0};
	int64_t left;
	int r = trial_left(h, o->value[OPTION_STATE_DIR], &left, &e);

	if (r < 0)
		complain("--try: %s", e.text);
	else if (r > 0)
		complain("on trial: \"hosttune confirm\" within %lld "
		         "seconds keeps it, else hosttune reverts it",
		         (long long)(left + 999) / 1000);
	else if (!o->quiet)
		complain("nothing was changed, so nothing is on trial");
}

/* --- confirm -------------------------------------------------------------------------
 */

static enum exit_code confirm(const struct options *o, struct host *h)
{
	struct err e = {0};
	_close_ int lock = locking_take(o, h, &e);
	unsigned id = 0;
	bool rest = false;

	if (lock < 0) {
		complain("%s", e.text);
		return locking_exit_code(lock);
	}
	if (trial_confirm(h, o->value[OPTION_STATE_DIR], &id, &rest, &e) < 0) {
		complain("%s", e.text);
		trial_settle(o, h);
		return EXIT_FAILED;
	}
	if (!o->quiet)
		(void)printf("journal %u: confirmed%s\n", id,
		             rest ? ", what was not restored; the rest stays restored"
		                  : "");
	return EXIT_IN_SYNC;
}

static int cmd_confirm_run(const struct options *o)
{
	enum exit_code code;
	struct host h;

	if (o->n_profiles) {
		complain("confirm \"%s\": takes no argument", o->profiles[0]);
		return EXIT_INVALID;
	}
	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	code = confirm(o, &h);
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_confirm = {
	.name = "confirm",
	.args = "",
	.summary = "keep what apply --try changed",
	.exits = "0 2 3 6",
	.see = "apply, revert, docs/operations.md",
	.acts = true,
	.run = cmd_confirm_run,
};
