/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BUNDLE_ARCHIVE_H
#define BUNDLE_ARCHIVE_H

/* Bundles in files, by libarchive, and in directories; for load.c and save.c. */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bundle;

enum archive_type { ARCHIVE_IS_FILE, ARCHIVE_IS_DIRECTORY, ARCHIVE_IS_OTHER };

struct archive_member {
	const char *path; /* as in the archive, or below the directory */
	enum archive_type type;
	const char *what; /* ARCHIVE_IS_OTHER: "a symbolic link" */
	int64_t size;
	void *reader; /* of an archive */
	int fd;       /* without it: of the file */
};

typedef int archive_take(void *arg, const struct archive_member *m, struct err *e);

/*
 * Call `take` for each member of a tar file, maybe compressed with zstd, or of a
 * directory. Return: 0; what `take` returned, if below 0; -errno, -EBADMSG for a damaged
 * archive.
 */
int archive_walk(const char *path, archive_take *take, void *arg, struct err *e);

/* The same for a directory, which is open; for archive_walk(). */
int archive_walk_directory(int fd, archive_take *take, void *arg, struct err *e);

/* Which member has this st_mode. *ret_what: see struct archive_member. */
enum archive_type archive_type(mode_t mode, const char **ret_what);

/* Read the m->size bytes of a file. Return: 0 or -errno; -EBADMSG if it is cut short. */
int archive_data(const struct archive_member *m, char *data, struct err *e);

/* Write a tar file; `manifest` is the text of the manifest. */
int archive_save(const struct bundle *b, const char *manifest, int fd, bool compress,
                 struct err *e);

#endif
