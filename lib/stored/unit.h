/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORED_UNIT_H
#define STORED_UNIT_H

/*
 * The unit of systemd that applies a stored profile at each boot: hosttune-apply.service
 * of the package, with other paths.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;

/* The profile of hosttune-apply.service, and the link that enables it. */
#define UNIT_OWN_PROFILE "/etc/hosttune/profile.yaml"

/*
 * Find this program on the host: where it runs from, or where packages install it.
 * Owned by the caller; NULL with `e` set: the host has none that root alone can change.
 */
char *unit_program(const struct host *h, struct err *e);

/*
 * The text of the unit for the profile `name`. `skip`: options for the command, "" or
 * with a blank at the end. `profile`: text of the stored profile, which the unit
 * identifies. Owned by the caller.
 */
char *unit_text(const char *name, const char *program, const char *skip,
                const char *profile);

/* Whether a unit was written for the text of that profile (NULL: it was not). */
bool unit_applies(const char *unit, const char *profile);

/* Whether the administrator enabled hosttune-apply.service. */
bool unit_is_enabled(const struct host *h);

#endif
