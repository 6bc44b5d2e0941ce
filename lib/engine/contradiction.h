/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CONTRADICTION_H
#define ENGINE_CONTRADICTION_H

#include "base/problems.h"

struct profile;

/*
 * Tell what a profile says under "settings" and what it asks for elsewhere, as a module,
 * would store otherwise. No host.
 */
void contradictions_check(const struct profile *p, struct problems *ps);

#endif
