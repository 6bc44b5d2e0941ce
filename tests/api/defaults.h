/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The host that the stub plays by default. */
#ifndef API_DEFAULTS_H
#define API_DEFAULTS_H

#include <jansson.h>

/* JSON texts, with apostrophes for quotes. */
extern const char default_settings[];
extern const char default_os[];

/* New references. */
json_t *default_services(void);
json_t *default_configuration_files(void);

#endif
