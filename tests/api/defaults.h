/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The host the stub plays unless told otherwise, as JSON texts. */
#ifndef API_DEFAULTS_H
#define API_DEFAULTS_H

extern const char default_settings[];
extern const char default_services[];
extern const char default_configuration_files[];
extern const char default_os[];

#endif
