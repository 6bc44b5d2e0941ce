/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_CONFLICTS_H
#define PROFILE_CONFLICTS_H

#include "base/diagnostics.h"

struct profile;

/*
 * Tell what a profile says under "settings" and what it asks for elsewhere, as a module,
 * would store otherwise. No host.
 */
void conflicts_check(const struct profile *p, struct diagnostics *diag);

#endif
