/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_RESOURCES_H
#define ENGINE_RESOURCES_H

#include "base/problems.h"

struct facts;
struct profile;

/*
 * Make the resources that the merged tree of a profile asks for, in the order of
 * `kinds`, each kind followed by those of it that were left out, and check them
 * together. `facts`: of the node, perhaps unknown.
 */
void resources_make(struct profile *p, const struct facts *facts, struct problems *ps);

#endif
