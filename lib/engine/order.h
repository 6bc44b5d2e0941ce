/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include <stddef.h>

struct resource;

/*
 * Put observed resources into the order in which to apply them: that of the profile, but
 * for those that must come before another of their kind. Undo them in reverse.
 */
void order_resources(struct resource **list, size_t n);

#endif
