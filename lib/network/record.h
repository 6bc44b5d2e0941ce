/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_RECORD_H
#define NETWORK_RECORD_H

struct host;

/* For record() of struct kind: what a profile can ask about any interface. */
void network_record(const struct host *h);

#endif
