/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_OS_H
#define BOTTLEROCKET_OS_H

#include "base/err.h"

struct host;
struct node;

/*
 * Ask the API for the release of the host, GET /os: a map, owned by the caller, with
 * "variant_id" and "version_id". Return: as api_open() and api_settings().
 */
int api_os(const struct host *h, struct node **ret, struct err *e);

#endif
