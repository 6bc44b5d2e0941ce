/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_CAPTURE_H
#define SYSCTL_CAPTURE_H

#include <stdbool.h>

struct host;
struct node;
struct diagnostics;
struct resource;

/*
 * Add the current value of a sysctl to the mapping `section`: `capture` of struct kind.
 * Of two keys that exclude each other, add the one in effect, whichever the profile
 * names.
 */
bool sysctl_capture(const struct resource *r, const struct host *h, struct node *section,
                    struct diagnostics *diag);

#endif
