/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BUNDLE_LOAD_H
#define BUNDLE_LOAD_H

#include "base/err.h"

struct bundle;

/*
 * Read a bundle: a tar file, maybe compressed with zstd, or a directory. Writes nothing.
 * Every member must be a file or directory below "root/", or the manifest, within the
 * limits of bundle.h. Return: 0, -errno with `e` set: "PATH: member "x": reason".
 */
int bundle_load(const char *path, struct bundle **ret, struct err *e);

#endif
