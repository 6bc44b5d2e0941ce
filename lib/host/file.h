/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_FILE_H
#define HOST_FILE_H

/*
 * Files of the host, by host path, resolved beneath its root with openat2(2).
 * Return: 0 or a descriptor; -errno with `e` set, -ENOENT if the file does not exist.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct host;

/*
 * Open for reading (flags may add O_DIRECTORY, O_PATH, O_EXCL, O_NONBLOCK ...; write
 * access modes are refused). Relative links beneath the root are followed.
 */
int host_file_open(const struct host *h, const char *path, int flags, struct err *e);

/* stat(2) the file that the path leads to. */
int host_file_stat(const struct host *h, const char *path, struct stat *ret,
                   struct err *e);

/* Whether stat(2) finds it: what is unknown counts as missing. */
bool host_file_exists(const struct host *h, const char *path);

/* The same. Return: 1; 0: it does not exist (ENOENT, ENOTDIR); -errno: unknown. */
int host_file_find(const struct host *h, const char *path, struct err *e);

/* Add the hint to run as root, where that may help. Return: `code`. */
int host_file_hint(int code, struct err *e);

/*
 * Whether the file exists for a process that has entered the root: absolute links are
 * followed from there.
 */
bool host_file_exists_in_root(const struct host *h, const char *path);

/*
 * Read the whole file, at most `max` bytes (-EFBIG beyond). The caller frees *ret_text.
 * Return: also -EOPNOTSUPP if it exists, but its read says that it does not, as that of
 * xps_cpus of an interface with one queue (net/core/net-sysfs.c).
 */
int host_file_read(const struct host *h, const char *path, size_t max, char **ret_text,
                   struct err *e);

/* Read a file of at most 64 KiB, without trailing white space. */
int host_file_read_line(const struct host *h, const char *path, char **ret_text,
                        struct err *e);

/* List the names in a directory, sorted, without "." and "..". Free with names_free(). */
int host_file_list(const struct host *h, const char *path, char ***ret_names,
                   struct err *e);
void names_free(char **names);
void names_freep(char ***names);

/*
 * Write `text` and a newline to an existing file with a single write(2), as /proc and
 * /sys require. No link on the path is followed.
 */
int host_file_write(struct host *h, const char *path, const char *text, struct err *e);

/*
 * Make a directory and its missing parents, root:root. No link on the path is followed:
 * -ELOOP.
 * Return: 1 if it was made, 0 if it already existed.
 */
int host_file_mkdir(struct host *h, const char *path, mode_t mode, struct err *e);

/* Owner, group and the lower 12 bits of the mode; -1: do not change it. */
struct host_file_owner {
	int64_t uid, gid;
	int mode;
};

/* Set them on a directory, following no link. */
int host_file_set_owner(struct host *h, const char *path,
                        const struct host_file_owner *owner, struct err *e);

/* Open or create a file for locking, read-write; for engine/lock. */
int host_file_create(struct host *h, const char *path, mode_t mode, struct err *e);

/* Open an existing device node for reading and writing; no link is followed. */
int host_file_open_device(struct host *h, const char *path, int flags, struct err *e);

#endif
