/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_STUB_H
#define UNIT_STUB_H

/* The stub of the Bottlerocket API, beside the root of tmproot. */

/*
 * Start the stub with these options, NULL-terminated, and set tmproot.host.api_socket.
 * Skips the test if there is no stub.
 */
void stub_start(const char *const *options);

/* Stop it; for the teardown. */
void stub_stop(void);

/* The requests so far, a line each: "GET /settings 200 12 0". */
const char *stub_asked(void);

/* Store this JSON in the settings, as another program does. */
void stub_change(const char *json);

#endif
