/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_BUILTIN_H
#define PROFILE_BUILTIN_H

/* A profile in the program, from profiles/NAME.yaml. */
struct builtin {
	const char *name; /* "nfs-server"; NULL ends the table */
	const char *file; /* file name in the places of problems */
	const char *text;
};

/* All of them, in the order of their names. They stay until the program ends. */
const struct builtin *builtins(void);

#endif
