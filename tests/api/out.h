/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Write to a client. Neither a slow client nor a fault delays the end of the stub. */
#ifndef API_OUT_H
#define API_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct out {
	int fd;
	int stop; /* readable once the stub must end */
};

/* Send bytes. Return: false if the client has gone or the stub must end. */
bool out_send(const struct out *out, const char *data, size_t len);

/* Sleep. Return: false if the stub must end. */
bool out_nap(const struct out *out, int ms);

#endif
