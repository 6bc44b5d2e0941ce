/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Writing to a client, such that neither a slow one nor a fault delays the end. */
#ifndef API_OUT_H
#define API_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct out {
	int fd;
	int stop; /* readable once the stub shall end */
};

/* Return: false if the client has gone or the stub shall end. */
bool out_send(const struct out *out, const char *data, size_t len);

/* Return: false if the stub shall end. */
bool out_nap(const struct out *out, int ms);

#endif
