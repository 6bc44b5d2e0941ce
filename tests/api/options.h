/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The command line of the stub. */
#ifndef API_OPTIONS_H
#define API_OPTIONS_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "api.h"

struct fault;

struct options {
	const char *socket;
	ino_t inode; /* of the socket file */
	const char *settings;
	const char *os;
	const char *variant;
	const char *log;
	const char *pid_file;
	char *own_save; /* made for the apply command only */
	bool daemonize;
	struct fault *faults;
	json_t *weak; /* names of settings */
	bool updated;
	struct api api;
};

/* Read the options, or print the usage and exit. */
void options_read(struct options *options, int argc, char **argv);

#endif
