/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

/*
 * The template of a temporary file for mkostemp() or mkdtemp(), on the same file system
 * as `path`, which it will replace: ".NAME.XXXXXX" in its directory. Hidden and with
 * another suffix, so that collectors of "*.prom" ignore it. Owned by the caller.
 */
char *beside(const char *path);

#endif
