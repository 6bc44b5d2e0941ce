/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NETLINK_H
#define HOST_NETLINK_H

/*
 * A request to the kernel by netlink(7), in the network namespace of the calling thread,
 * and its answer. All that the kernel sends is checked, as if it were untrusted.
 */

#include "base/err.h"

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a list is at most this long, or a page (netlink_dump() of Linux). */
#define NETLINK_MESSAGE_MAX 32768

struct mnl_socket;

struct netlink {
	struct mnl_socket *socket;
	unsigned seq;
	bool full;      /* the request did not fit */
	char said[128]; /* the kernel's own words about an error; "": none */
	union {
		char bytes[NETLINK_MESSAGE_MAX];
		struct nlmsghdr header;
	} buf;
};

/* Open a socket of a protocol, such as NETLINK_ROUTE. Close it in any case. */
int netlink_open(struct netlink *s, int protocol, struct err *e);
void netlink_close(struct netlink *s);

#define _netlink_ _cleanup_(netlink_close)

/* --- requests ------------------------------------------------------------------------
 */

/*
 * Begin a request, with a zeroed header of the protocol of `len` bytes. `flags`: beside
 * NLM_F_REQUEST. Return: that header, valid until the answer is read.
 */
void *netlink_request(struct netlink *s, uint16_t type, int flags, size_t len);

/* Add an attribute; what does not fit makes netlink_talk() fail. */
void netlink_put(struct netlink *s, uint16_t type, const void *data, size_t len);
void netlink_put_u32(struct netlink *s, uint16_t type, uint32_t value);
void netlink_put_text(struct netlink *s, uint16_t type, const char *text);

/* Add one that has the following ones up to its end. */
struct nlattr *netlink_nest(struct netlink *s, uint16_t type);
void netlink_nest_end(struct netlink *s, struct nlattr *nest);

/*
 * Send the request, and pass each message of the answer to `see` (NULL: none is
 * expected), which returns 1, or -1 with errno set. `what`: for errors.
 * Return: 0; -E2BIG: the request did not fit; -errno of the kernel, with its words.
 */
int netlink_talk(struct netlink *s, int (*see)(const struct nlmsghdr *m, void *arg),
                 void *arg, const char *what, struct err *e);

/* --- answers -------------------------------------------------------------------------
 */

/* Whether `len` bytes begin with a whole message. */
bool netlink_is_message(const struct nlmsghdr *m, size_t len);

/* The protocol's header, of `size` bytes; NULL: it is cut short. */
const void *netlink_header(const struct nlmsghdr *m, size_t size);

/* Pass each attribute after the header of `header` bytes, or in an attribute, to `see`.
 */
int netlink_each(const struct nlmsghdr *m, size_t header,
                 int (*see)(const struct nlattr *a, void *arg), void *arg);
int netlink_each_nested(const struct nlattr *a,
                        int (*see)(const struct nlattr *a, void *arg), void *arg);

unsigned netlink_type(const struct nlattr *a);

/* Return: whether it has such a value. A text is borrowed; NULL: it has none. */
bool netlink_u16(const struct nlattr *a, uint16_t *ret);
bool netlink_u32(const struct nlattr *a, uint32_t *ret);
const char *netlink_text(const struct nlattr *a);

/*
 * The code of an error message, 0 or -errno, and the kernel's words in `said`, which has
 * `size` bytes; they stay as they are if there are none. -EBADMSG: it is no such message.
 */
int netlink_parse_error(const struct nlmsghdr *m, size_t len, char *said, size_t size);

#endif
