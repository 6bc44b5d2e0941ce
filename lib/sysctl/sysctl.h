/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_SYSCTL_H
#define SYSCTL_SYSCTL_H

/* A sysctl as a resource: what the files of this kind share. */

#include "resource/kind.h"
#include "sysctl/interfaces.h"
#include "sysctl/module.h"
#include "sysctl/value.h"

struct sysctl {
	struct resource r;
	struct sysctl_value value;
	bool absent, write_only;
	bool yields; /* "0", as the key that it excludes is set: never written */
	char *write; /* what to write: `value` resolved against the current value */
	struct sysctl_module module;
	char *other; /* before the write: the value of the key that this one excludes */
	struct sysctl_interfaces interfaces; /* of a key with a wildcard */
};

/* Options of a value that is a mapping, parse() and check_all() of the kind. */
extern const struct field sysctl_option_fields[];
bool sysctl_parse(struct resource *r, const struct node *n, struct diagnostics *diag);
void sysctl_parse_check(struct resource *const *list, size_t n,
                        const struct host_facts *facts, struct diagnostics *diag);

/* apply() and revert() of the kind. */
int sysctl_write_apply(struct sysctl *s, struct host *h, enum reason *ret_reason,
                       struct err *e);
int sysctl_write_revert(struct sysctl *s, struct host *h, struct err *e);

/* Whether `a` must be written before `b`: precedes() of the kind. Both were observed. */
bool sysctl_write_precedes(const struct sysctl *a, const struct sysctl *b);

/* Whether there is a key that `a` may precede: precedes_any(). */
bool sysctl_write_precedes_any(const struct sysctl *a);

#endif
