/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Faults: answers that go wrong on demand. */
#ifndef API_FAULT_H
#define API_FAULT_H

#include "out.h"
#include "request.h"
#include "util.h"

struct fault;

/* FATE_RESTART: close all connections and create the socket again. */
enum fate { FATE_KEEP, FATE_CLOSE, FATE_HANG, FATE_RESTART };

/**
 * fault_add - parse "METHOD PATH-PREFIX[#N]=KIND" and append it to a list
 * @list: points to NULL for an empty list
 * @spec: METHOD may be *; the prefix is compared with path and query as received
 */
void fault_add(struct fault **list, const char *spec);
void fault_free(struct fault *list);

/* Find the first fault that matches the request, or NULL. Each fault that matches counts
 * the request. */
const struct fault *fault_find(struct fault *list, const char *method,
                               const char *target);

/* Make up a reply. Return: false if the request must be carried out as usual. */
bool fault_forge(const struct fault *fault, struct reply *reply);

/**
 * fault_send - send an answer as the fault demands
 * @answer: the whole answer
 * @keep: fate of the connection if the whole answer is sent
 */
enum fate fault_send(const struct fault *fault, const struct out *out,
                     const struct buf *answer, enum fate keep);

#endif
