/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Hosts and URLs, as the URL standard has them and as far as a setting can show it. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util.h"
#include "valid.h"

static bool ends_in_number(const char *host)
{
	return text_matches("(^|[.])([0-9]+|0[xX][0-9a-fA-F]*)[.]?$", host);
}

static bool is_ipv4(const char *host)
{
	struct in_addr address;

	/* the standard takes octal and hexadecimal numbers, and fewer than four */
	return inet_aton(host, &address) && !strchr(host, ' ');
}

/* Why the text is no host; NULL if it is one. The words are those of the url crate. */
static const char *host_fault(const char *host)
{
	size_t len = strlen(host);
	cleanup_text char *inner = NULL;
	struct in6_addr address;

	if (!len)
		return "empty host";
	if (*host == '[') {
		inner = text_format("%.*s", (int)len - 2, host + 1);
		return host[len - 1] == ']' && inet_pton(AF_INET6, inner, &address) == 1
		               ? NULL
		               : "invalid IPv6 address";
	}
	for (const char *c = host; *c; c++)
		if (iscntrl((unsigned char)*c) || strchr(" #%/:<>?@[\\]^|", *c))
			return "invalid international domain name";
	if (ends_in_number(host) && !is_ipv4(host))
		return "invalid IPv4 address";
	return NULL;
}

static bool is_port(const char *port)
{
	return !port[strspn(port, "0123456789")] && strtoul(port, NULL, 10) <= 65535;
}

/* USER@HOST:PORT */
static bool is_authority(const char *start, size_t len)
{
	cleanup_text char *text = text_format("%.*s", (int)len, start);
	char *at = strrchr(text, '@');
	char *host = at ? at + 1 : text;
	char *bracket = strchr(host, ']');
	char *colon = strchr(bracket ? bracket : host, ':');

	if (colon)
		*colon++ = '\0';
	return !host_fault(host) && (!colon || is_port(colon));
}

static bool is_special(const char *url, size_t len)
{
	static const char *const schemes[] = {"http", "https", "ftp", "ws", "wss"};

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strlen(schemes[i]) == len && strncasecmp(url, schemes[i], len) == 0)
			return true;
	return false;
}

static bool is_url(const char *url)
{
	size_t scheme = strspn(url, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789+-.");
	const char *rest = url + scheme + 1;

	if (!isalpha((unsigned char)*url) || url[scheme] != ':')
		return false;
	if (is_special(url, scheme)) {
		rest += strspn(rest, "/\\");
		return is_authority(rest, strcspn(rest, "/\\?#"));
	}
	if (strncmp(rest, "//", 2) != 0)
		return true; /* such as mailto: anything may follow */
	rest += 2;
	return strcspn(rest, "/?#") == 0 || is_authority(rest, strcspn(rest, "/?#"));
}

char *valid_url(const char *text)
{
	cleanup_text char *prefixed = text_format("http://%s", text);

	return is_url(text) || is_url(prefixed)
	               ? NULL
	               : text_format("Given invalid URL '%s'", text);
}

char *valid_domain(const char *text)
{
	const char *why = *text == '.' ? "must not start with '.'" : host_fault(text);

	if (!why && (*text == '[' || ends_in_number(text)))
		why = "IP address is not a valid domain name";
	return why ? text_format("Invalid domain name '%s': %s", text, why) : NULL;
}

static bool has_bad_segment(const char *text)
{
	while (true) {
		size_t len = strcspn(text, ".");

		if (len < 1 || len > 63 || *text == '-')
			return true;
		if (!text[len])
			return false;
		text += len + 1;
	}
}

char *valid_hostname(const char *text)
{
	const char *why = NULL;

	if (!text_matches("^[0-9a-z.-]{1,253}$", text))
		why = "must only be [0-9a-z.-], and 1-253 chars long";
	else if (*text == '-' || *text == '.')
		why = "must not start with '-' or '.'";
	else if (has_bad_segment(text))
		why = "segment is less than 1 or greater than 63 chars";
	return why ? text_format("Invalid hostname '%s': %s", text, why) : NULL;
}
