/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_SNIFF_H
#define DOC_SNIFF_H

#include <stddef.h>

enum sniff {
	SNIFF_NONE,
	SNIFF_GZIP,
	SNIFF_BASE64,
	SNIFF_TUNED,
	SNIFF_SYSCTL_CONF,
	SNIFF_TOML,
};

/*
 * Recognise text that cannot be a profile because of a common user data mistake: still
 * compressed, still base64, or the whole TOML pasted; or a file of another tool: a
 * sysctl.conf or a TuneD profile. A valid profile is always SNIFF_NONE.
 */
enum sniff sniff_text(const char *text, size_t len);

/*
 * Say what sniff_text() found, for errors of a profile, since a YAML parser reports
 * nothing useful.
 *
 * Return: "gzip, not YAML (what to do)", or NULL if it is none of them.
 */
const char *sniff_format(const char *text, size_t len);

#endif
