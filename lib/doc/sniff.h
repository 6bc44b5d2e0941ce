/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_SNIFF_H
#define DOC_SNIFF_H

#include <stddef.h>

/*
 * Recognise text that cannot be a profile because of a common user data mistake: still
 * compressed, still base64, or the whole TOML pasted; or a file of another tool: a
 * sysctl.conf or a TuneD profile. A YAML parser reports nothing
 * useful for these.
 *
 * Return: "gzip, not YAML (what to do)", or NULL if it is none of them. A valid profile
 * always gives NULL.
 */
const char *sniff_format(const char *text, size_t len);

#endif
