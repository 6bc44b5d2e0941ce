/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORED_STORED_H
#define STORED_STORED_H

/*
 * The files by which a host without the Bottlerocket API keeps a profile over a reboot,
 * each with the name of the profile in its own. They lie in /etc of the host.
 */

#include "base/err.h"
#include "base/macro.h"
#include "stored/owned.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct node;

/* In the order in which they are written: the last ones have an effect. */
enum stored_what {
	STORED_PROFILE, /* /etc/hosttune/boot/NAME.yaml */
	STORED_UNIT,    /* /etc/systemd/system/hosttune-boot-NAME.service: applies it */
	STORED_ENABLED, /* the link that makes systemd start the unit */
	STORED_MODULES, /* /etc/modules-load.d/hosttune-NAME.conf */
	STORED_SYSCTL,  /* /etc/sysctl.d/90-hosttune-NAME.conf */
	STORED_FILES
};

/* The kind of these files in journals and reports. */
#define STORED_KIND "file"

/* What a file is now. Texts are owned. */
struct stored_file {
	enum owned state;
	char *text; /* its content, or the target of a link; NULL: ABSENT, or FOREIGN */
	char *why;  /* it could not be read: nothing is known of it; else NULL */
};

/*
 * The name of files for a profile: its letters, digits, "_", "-" and "."; "-" for each
 * other byte. Owned by the caller.
 */
char *stored_name(const char *profile);

/* The path of a file, and the name of the unit. Owned by the caller. */
char *stored_path(enum stored_what what, const char *name);
char *stored_unit_name(const char *name);

/* Which file a path is. Return: false if it is none. */
bool stored_find(const char *path, enum stored_what *ret_what, char **ret_name);

/* Read a file. Call stored_file_done(). */
void stored_read(struct stored_file *f, const struct host *h, enum stored_what what,
                 const char *name);
void stored_file_done(struct stored_file *f);

#define _stored_file_ _cleanup_(stored_file_done)

/*
 * Write a file with that text (NULL: remove it), and the directories that it needs. The
 * caller has made sure that it is absent or ours. Return: 0 or -errno.
 */
int stored_write(struct host *h, enum stored_what what, const char *name,
                 const char *text, struct err *e);

/*
 * Remove what a killed run left of any profile: new files that were never renamed, and
 * empty directories. What cannot be removed stays.
 */
void stored_tidy(struct host *h);

/* The content of a file as a journal has it; of one that is absent: an empty list. */
struct node *stored_record(const char *text);

/* The same back to a text; NULL: absent. Owned by the caller. */
char *stored_recorded(const struct node *record);

/*
 * List the names of all profiles that have a file, sorted, each once. Free with
 * names_free(). Return: 0; -errno if a directory cannot be read.
 */
int stored_list(const struct host *h, char ***ret_names, struct err *e);

#endif
