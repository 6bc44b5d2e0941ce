/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BUNDLE_BUNDLE_H
#define BUNDLE_BUNDLE_H

/*
 * A bundle: what hosttune reads of a node, to audit it elsewhere. It has the node's
 * files, and a manifest with what no file holds: answers of the kernel and of the API,
 * and what could not be collected. All of it is in memory; nothing is unpacked.
 *
 * What a bundle was not made to hold is unknown (-ENODATA), never absent.
 */

#include "base/err.h"

#include <stddef.h>
#include <sys/stat.h>

struct node;

#define BUNDLE_VERSION 1

/* Limits of a bundle; one that exceeds them is refused. */
#define BUNDLE_FILES_MAX      65536
#define BUNDLE_FILE_BYTES_MAX (16U << 20)
#define BUNDLE_BYTES_MAX      (128U << 20)
#define BUNDLE_PATH_MAX       1024

struct bundle_file {
	char *path; /* on the host: "/proc/meminfo" */
	char *data; /* NUL-terminated; NULL: a directory */
	size_t len;
};

struct bundle {
	struct bundle_file *files; /* sorted by path once bundle_seal() was called */
	size_t n, cap, bytes;
	struct node *manifest;
	char **lacked; /* what was asked for in vain; NULL-terminated */
	size_t n_lacked;
};

/* Create an empty bundle, for collecting. */
struct bundle *bundle_new(void);
void bundle_free(struct bundle *b);
void bundle_freep(struct bundle **b);

#define _bundle_ _cleanup_(bundle_freep)

/* Add a file, or a directory (data NULL). Takes ownership of `data`, copies `path`. */
void bundle_add(struct bundle *b, const char *path, char *data, size_t len);

/*
 * Sort the files. Return: the path of one that is there twice, borrowed; NULL: none. A
 * directory may be there twice.
 */
const char *bundle_seal(struct bundle *b);

/*
 * Find a file or directory by host path. `verb` begins an error: "open".
 * Return: 0 and *ret, borrowed; -ENOENT or -ENOTDIR as the node would have; the error
 * that collecting it had; -ENODATA if the bundle lacks it.
 */
int bundle_find(struct bundle *b, const char *verb, const char *path,
                const struct bundle_file **ret, struct err *e);

/* The same for the names in a directory: NULL-terminated, sorted, owned by the caller. */
int bundle_list(struct bundle *b, const char *path, char ***ret_names, struct err *e);

/*
 * The same for what stat(2) says. Only whether it is a directory, and the mode of what
 * could not be read, are those of the node.
 */
int bundle_stat(struct bundle *b, const char *path, struct stat *ret, struct err *e);

/* Set -ENODATA, "the bundle lacks WHAT", and note it in b->lacked. */
int bundle_lacks(struct bundle *b, struct err *e, const char *what);

/* Parts of the manifest, made if missing; borrowed. */
struct node *bundle_part(struct bundle *b, const char *name);

/* A failure as a node, and back: 0 if the node is none, else -errno with `e` set. */
struct node *bundle_error(const struct err *e);
int bundle_failed(const struct node *n, struct err *e);

/* Note a failure to collect `path`; mode 0: unknown. -ENODATA: not collected. */
void bundle_note_lack(struct bundle *b, const char *path, const struct err *e,
                      unsigned mode);

#endif
