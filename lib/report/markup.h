/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

/*
 * Text in XML and HTML. An own function: libxml2 would add 1.7 MB to an image of 23 MB,
 * and only escape seven characters.
 */

#include <stdio.h>

/*
 * Print text, escaped for content and for attributes in quotes. Bytes that are not UTF-8,
 * control characters, and marks that reorder or hide the text around them become U+FFFD.
 * NULL prints nothing.
 */
void markup_text(const char *text, FILE *out);

/* Print ` name="value"`; nothing if the value is NULL. */
void markup_attribute(const char *name, const char *value, FILE *out);

#endif
