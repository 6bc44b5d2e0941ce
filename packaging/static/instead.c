/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What takes the place of functions of libraries: 42 KB that hosttune never runs.
 */

#include <archive.h>
#include <blkid/blkid.h>
#include <ctype.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/types.h>
#include <wchar.h>
#include <wctype.h>

/* Debian's libmnl.a calls it in mnl_nlmsg_fprintf, which hosttune does not call. */
int __fprintf_chk(FILE *f, int flag, const char *format, ...);
int __fprintf_chk(FILE *f, int flag, const char *format, ...)
{
	va_list args;
	int n;

	(void)flag;
	va_start(args, format);
	n = vfprintf(f, format, args);
	va_end(args);
	return n;
}

/*
 * libcurl connects to unix sockets only, but would look up a name where it has none.
 * Without these, the program would contain a resolver.
 */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret)
{
	(void)node;
	(void)service;
	(void)hints;
	(void)ret;
	return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *list)
{
	(void)list;
}

struct hostent *gethostbyname(const char *name)
{
	(void)name;
	return NULL;
}

int gethostbyname_r(const char *name, struct hostent *ret, char *buf, size_t size,
                    struct hostent **found, int *error)
{
	(void)name;
	(void)ret;
	(void)buf;
	(void)size;
	*found = NULL;
	*error = NO_RECOVERY;
	return ENOENT;
}

/*
 * libmount looks for the drive of /dev/root, if the kernel has no name for it, by UUID or
 * label: in libblkid's cache, which would read all drives.
 */
char *blkid_evaluate_tag(const char *token, const char *value, blkid_cache *cache)
{
	(void)token;
	(void)value;
	(void)cache;
	return NULL;
}

/* Without libzstd, libarchive would run a program named zstd: bundle/archive.c calls
 * neither. */
int archive_read_support_filter_zstd(struct archive *archive)
{
	(void)archive;
	return ARCHIVE_FATAL;
}

int archive_write_add_filter_zstd(struct archive *archive)
{
	(void)archive;
	return ARCHIVE_FATAL;
}

/*
 * Bundles have no ACLs: libarchive reads past those of other archives, and finds none to
 * write. The structures are its own; the first member of this one has the type and the
 * mode of the file.
 */
struct archive_acl {
	mode_t mode;
};
struct archive_string_conv;

void archive_acl_clear(struct archive_acl *acl);
void archive_acl_clear(struct archive_acl *acl)
{
	(void)acl;
}

void archive_acl_copy(struct archive_acl *to, struct archive_acl *from);
void archive_acl_copy(struct archive_acl *to, struct archive_acl *from)
{
	to->mode = from->mode;
}

int archive_acl_types(struct archive_acl *acl);
int archive_acl_types(struct archive_acl *acl)
{
	(void)acl;
	return 0;
}

int archive_acl_from_text_l(struct archive_acl *acl, const char *text, int type,
                            struct archive_string_conv *charset);
int archive_acl_from_text_l(struct archive_acl *acl, const char *text, int type,
                            struct archive_string_conv *charset)
{
	(void)acl;
	(void)text;
	(void)type;
	(void)charset;
	return ARCHIVE_OK;
}

char *archive_acl_to_text_l(struct archive_acl *acl, ssize_t *len, int flags,
                            struct archive_string_conv *charset);
char *archive_acl_to_text_l(struct archive_acl *acl, ssize_t *len, int flags,
                            struct archive_string_conv *charset)
{
	(void)acl;
	(void)len;
	(void)flags;
	(void)charset;
	return NULL;
}

/* libcurl looks for the address of an interface: a unix socket has none. */
int getifaddrs(struct ifaddrs **ret)
{
	*ret = NULL;
	errno = ENOTSUP;
	return -1;
}

void freeifaddrs(struct ifaddrs *list)
{
	(void)list;
}

/*
 * For regular expressions and fnmatch. hosttune sets no locale: it stays "C", in which no
 * character but those of ASCII is one of these. musl has tables of Unicode.
 */
int iswalpha(wint_t c)
{
	return (c | 32u) - 'a' < 26;
}

int iswpunct(wint_t c)
{
	return c < 128 && ispunct((int)c);
}

wint_t towlower(wint_t c)
{
	return c - 'A' < 26 ? c | 32u : c;
}

wint_t towupper(wint_t c)
{
	return c - 'a' < 26 ? c & ~32u : c;
}

int wcwidth(wchar_t c)
{
	return c > 0 && c < 128 && !isprint(c) ? -1 : c != 0;
}

#ifdef __aarch64__
/* For printf and strtod: libgcc's subtraction of long doubles is a second copy of its
 * addition. Here only the sign of NaN differs. */
long double __addtf3(long double a, long double b);
long double __subtf3(long double a, long double b);
long double __subtf3(long double a, long double b)
{
	return __addtf3(a, -b);
}
#endif
