/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Answers that go wrong on demand. */
#ifndef API_FAULT_H
#define API_FAULT_H

#include "out.h"
#include "request.h"
#include "util.h"

struct fault;

/* FATE_RESTART: all connections end, and the socket is made anew. */
enum fate { FATE_KEEP, FATE_CLOSE, FATE_HANG, FATE_RESTART };

/**
 * fault_add - read "METHOD PATH-PREFIX[#N]=KIND" and put it at the end of a list
 * @list: NULL at first
 * @spec: METHOD may be *; the prefix is compared with path and query as received
 */
void fault_add(struct fault **list, const char *spec);
void fault_free(struct fault *list);

/* The first fault that wants this request, or NULL; counts the request for all of them.
 */
const struct fault *fault_find(struct fault *list, const char *method,
                               const char *target);

/* Make up a reply. Return: false if the request is to be carried out as ever. */
bool fault_forge(const struct fault *fault, struct reply *reply);

/**
 * fault_send - send in the way of the fault
 * @answer: the whole answer as it would be sent
 * @keep: what becomes of the connection if the answer arrives in full
 */
enum fate fault_send(const struct fault *fault, const struct out *out,
                     const struct buf *answer, enum fate keep);

#endif
