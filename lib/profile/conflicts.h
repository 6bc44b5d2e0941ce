/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_CONFLICTS_H
#define PROFILE_CONFLICTS_H

#include "base/diagnostics.h"

struct profile;

/*
 * Report each value under "settings" that contradicts another entry of the profile, such
 * as a module, which would store a different value. Does not access the host.
 */
void conflicts_check(const struct profile *p, struct diagnostics *diag);

/*
 * Report each file below /sys that two entries set, as far as the profile alone says so;
 * the engine does the rest (engine/claims.h). Of entries of one kind, the kind decides.
 */
void conflicts_check_files(const struct profile *p, struct diagnostics *diag);

/* Report resources that claim the same thing. The text of a claim includes its kind. */
void conflicts_check_claims(const struct profile *p, struct diagnostics *diag);

#endif
