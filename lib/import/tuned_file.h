/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_TUNED_FILE_H
#define IMPORT_TUNED_FILE_H

/* A tuned.conf as TuneD's parser reads it: sections of options. */

#include "import/build.h"

struct tuned_option {
	char *key, *value;
	struct import_origin origin;
	bool several_lines; /* the value continues on indented lines */
};

struct tuned_section {
	char *name;
	char *type; /* the plugin: "type" in the section, else its name */
	struct place at;
	struct tuned_option *options;
	size_t n, cap;
};

struct tuned_file {
	struct tuned_section *sections;
	size_t n, cap;
};

/* Read the lines of the import; what is neither section nor option is omitted. */
void tuned_file_read(struct tuned_file *f, struct import *im, const char *file);

/* Return the value of an option; NULL: the section has none. */
const char *tuned_section_get(const struct tuned_section *s, const char *key);

void tuned_file_done(struct tuned_file *f);

#define _tuned_file_ _cleanup_(tuned_file_done)

/* Variables, by name: scalars, "unknown" if TuneD computes them on the node. */

/* Read the variables of all sections "variables". Owned by the caller. */
struct node *tuned_variables(struct import *im, struct tuned_file *f);

/*
 * Replace ${name} in `text`. Return: the result, owned; NULL: something in it depends on
 * the node, as *ret_why says, owned.
 */
char *tuned_expand(const struct node *variables, const char *text, char **ret_why);

#endif
