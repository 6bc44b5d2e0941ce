/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Conditions on strings that no regular expression can state. Each returns the complaint
 * of the real server, owned by the caller, or NULL for a good string.
 */
#ifndef API_VALID_H
#define API_VALID_H

char *valid_base64(const char *text);
char *valid_certificates(const char *text); /* a PEM bundle in base64 */
char *valid_url(const char *text);          /* with a scheme or without one */
char *valid_domain(const char *text);
char *valid_hostname(const char *text);
char *valid_line(const char *text);
char *valid_threshold(const char *text); /* a percentage or a quantity */

/* The complaint about a string that is no quantity, around that string. */
#define QUANTITY_PATTERN                                                                   \
	"^([+-]?[0-9.]+)((e)?[0-9]*)$|^([+-]?[0-9.]+)((E|P|T|G|M|K)i?)?$|^([+-]?[0-9.]+)(" \
	"n|u|m|k)?$"
#define QUANTITY_BEFORE                                                                \
	"Kubernetes quantity must match '(?x)\n"                                       \
	"        # format1 for scientific notations (e.g. 123e4) or:\n"                \
	"        ^([+-]?[0-9.]+)((e)?[0-9]*)$ |\n"                                     \
	"        # format2 for values with unit suffixes [EPTGMK] and [EiPiTiGiMiKi] " \
	"(e.g. 100K or 100Ki),\n"                                                      \
	"        # or no units (e.g. 100) or:\n"                                       \
	"        ^([+-]?[0-9.]+)((E|P|T|G|M|K)i?)?$ |\n"                               \
	"        # format3 for values with unit suffixes [numk] (e.g. 100n 1000k)\n"   \
	"        ^([+-]?[0-9.]+)(n|u|m|k)?$\n"                                         \
	"   ', given: "

#endif
