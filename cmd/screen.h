/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_SCREEN_H
#define CMD_SCREEN_H

/* What a report for people shows of the command line and the terminal. */

struct options;
struct profile;

/* COLUMNS, or the columns of a terminal; 80 where the descriptor is none. */
unsigned screen_width_of(int fd);

/* The name of the profile, or of several, as typed: "local-pv + nfs.yaml". Owned. */
char *screen_name(const struct options *o, const struct profile *p);

/*
 * The options and profiles that a next command needs, as words quoted for a shell, ended
 * by NULL. Free with names_freep().
 */
char **screen_repeated(const struct options *o);

#endif
