/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EXPLAIN_EFFECT_H
#define EXPLAIN_EFFECT_H

/*
 * What the values of the built-in profiles change, as measured in docs/effect.md, or why
 * that cannot be measured; effect.def.
 */

struct node;

/* Set the member "measured", a list of texts: all effects of a key such as
 * "vm.swappiness" or "nfsd.threads"; nothing if no profile sets it. */
void topic_set_effects(struct node *topic, const char *key);

/* The effects of a profile's values as comments of YAML, below a heading; owned by the
 * caller. NULL: none are known. */
char *effects_comment(const char *profile);

#endif
