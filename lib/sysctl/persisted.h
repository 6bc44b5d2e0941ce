/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_PERSISTED_H
#define SYSCTL_PERSISTED_H

/*
 * A sysctl in the Bottlerocket settings: settings.kernel.sysctl, a map of keys to
 * texts. "a.b" and "a/b" are two settings there, and both are applied; none can be
 * deleted.
 */

#include "base/diagnostics.h"
#include "resource/kind.h"
#include "sysctl/value.h"

struct node;

/*
 * The host puts a value between double quotes as it is: one that ends them, or has a
 * backslash, would void all sysctls of the node. Add problems for those.
 */
void sysctl_persist_check(const char *key, const struct sysctl_value *v,
                          struct diagnostics *diag);
bool sysctl_persist_breaks(const char *text);

/*
 * Add to `wanted` what is to be stored of `r`, under the spelling that `live` has. A
 * bound that the stored value satisfies is met by it; one that the kernel's own value
 * satisfies needs no storing.
 */
void sysctl_persist_want(const struct resource *r, const struct sysctl_value *v,
                         const struct node *live, struct node *wanted);

/* What loads a module at boot: both or none. */
void sysctl_persist_want_module(const char *module, struct node *wanted);

/* explain() of the kind, for one that wants `v`. */
void sysctl_persist_attribute(const struct resource *r, const struct sysctl_value *v,
                              const struct persistence *p, struct change *c);

#endif
