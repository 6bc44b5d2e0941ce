/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_PROVIDER_H
#define SYSCTL_KNOWN_PROVIDER_H

/* The modules that keys come with. */

/*
 * The module that provides the key; NULL: none does, or it is unknown. A misspelt key is
 * provided by none.
 */
const char *sysctl_provider_of(const char *key);

/*
 * The modules of which one must be listed for the key to exist, separated by blanks: the
 * first provides the key, the others depend on the first. NULL: none need be listed.
 */
const char *sysctl_provider_list(const char *key);

#endif
