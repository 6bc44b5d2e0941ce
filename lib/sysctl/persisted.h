/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_PERSISTED_H
#define SYSCTL_PERSISTED_H

/*
 * A sysctl in the Bottlerocket settings: settings.kernel.sysctl, a map of keys to
 * strings. "a.b" and "a/b" are two settings there, and Bottlerocket applies both. Neither
 * can be deleted.
 */

#include "base/diagnostics.h"
#include "resource/kind.h"
#include "sysctl/value.h"

struct node;

/*
 * Add a problem for each value with a double quote or a backslash: the host puts a value
 * between double quotes without escaping it, so these would break all sysctls of the
 * node.
 */
void sysctl_persist_check(const char *key, const struct sysctl_value *v,
                          struct diagnostics *diag);

/*
 * Add to `wanted` the value of `r` to store, under each spelling that `live` has. If the
 * stored value satisfies a bound, it stays. If the kernel's own value satisfies the bound
 * and nothing is stored, nothing is added.
 */
void sysctl_persist_want(const struct resource *r, const struct sysctl_value *v,
                         const struct node *live, struct node *wanted);

/* Add to `wanted` the two settings that together load a module at boot. */
void sysctl_persist_want_module(const char *module, struct node *wanted);

/* Add the setting with which the module is not loaded at boot. */
void sysctl_persist_unwant_module(const char *module, struct node *wanted);

/* explain() of struct kind, for a sysctl with the value `v`. */
void sysctl_persist_attribute(const struct resource *r, const struct sysctl_value *v,
                              const struct persistence *p, struct change *c);

#endif
