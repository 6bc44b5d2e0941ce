/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What hosttune uses of glibc and musl 1.2.5 lacks; declared in include/. See the manual
 * pages of these functions. At the end, what takes the place of functions of libraries.
 */

#include <archive.h>
#include <blkid/blkid.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <malloc.h>
#include <netdb.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

int open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

int move_mount(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)syscall(SYS_move_mount, from_dir, from, to_dir, to, flags);
}

int mount_setattr(int dir, const char *path, unsigned flags, struct mount_attr *attr,
                  size_t size)
{
	return (int)syscall(SYS_mount_setattr, dir, path, flags, attr, size);
}

static const struct {
	const char *name, *text;
} codes[] = {
#define E(code, name, text) [code] = {name, text},
#define R(code, text)
#include "errno.inc" /* made by errno.c */
#undef E
#undef R
};

static int is_known(int code)
{
	return code > 0 && code < (int)(sizeof(codes) / sizeof(*codes)) &&
	       codes[code].name;
}

const char *strerrorname_np(int code)
{
	return is_known(code) ? codes[code].name : NULL;
}

/* musl has other words: messages must not depend on how the program was linked. */
char *strerror(int code)
{
	static char unknown[32];

	if (is_known(code))
		return (char *)(uintptr_t)codes[code].text;
	(void)snprintf(unknown, sizeof(unknown), code ? "Unknown error %d" : "Success",
	               code);
	return unknown;
}

/* Through /proc: musl's own scandir needs a path. */
int scandirat(int dir, const char *path, struct dirent ***ret,
              int (*select)(const struct dirent *),
              int (*compare)(const struct dirent **, const struct dirent **))
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n, saved;
	char name[64];

	if (fd < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = scandir(name, ret, select, compare);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return n;
}

size_t regerror(int code, const regex_t *restrict pattern, char *restrict buf,
                size_t size)
{
	static const char *const texts[] = {
#define E(number, name, text)
#define R(number, text) [number] = (text),
#include "errno.inc"
#undef E
#undef R
	};
	const char *text = code > 0 && code < (int)(sizeof(texts) / sizeof(*texts))
	                           ? texts[code]
	                           : "Unknown error";

	(void)pattern;
	return (size_t)snprintf(buf, size, "%s", text) + 1;
}

#undef regexec
int regexec_part(const regex_t *pattern, const char *text, size_t n, regmatch_t match[],
                 int flags)
{
	regoff_t start, end;
	char *part;
	int r;

	if (!(flags & REG_STARTEND))
		return regexec(pattern, text, n, match, flags);
	start = match[0].rm_so;
	end = match[0].rm_eo;
	part = malloc((size_t)(end - start) + 1);
	if (!part)
		return REG_ESPACE;
	memcpy(part, text + start, (size_t)(end - start));
	part[end - start] = '\0';
	r = regexec(pattern, part, n, match, flags & ~REG_STARTEND);
	for (size_t i = 0; r == 0 && i < n; i++)
		if (match[i].rm_so >= 0) {
			match[i].rm_so += start;
			match[i].rm_eo += start;
		}
	free(part);
	return r;
}

/* --- pages of malloc() -----------------------------------------------------------------
 *
 * malloc() of musl maps pages for each size of blocks, and unmaps them as soon as all are
 * free: in a short run, most of all system calls, and half of its time. They come from
 * these regions instead, cleared when they are freed. What is larger, or of another kind,
 * is the kernel's.
 */
#define UNIT 4096
#define UNITS \
	256 /* of a region: less than a huge page, which would be cleared as a whole */
#define UNITS_AT_ONCE 16
#define REGIONS       16

static _Alignas(UNIT) char first[UNITS * UNIT];

static struct region {
	char *pages;
	size_t n_free;
	bool used[UNITS];
} regions[REGIONS] = {{first, UNITS, {false}}};

static void *map(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	long r = syscall(SYS_mmap, at, len, prot, flags, fd, offset);

	/* as in musl: from some kernels, this means that there is no memory */
	if (r == -1 && errno == EPERM && !at && (flags & MAP_ANONYMOUS))
		errno = ENOMEM;
	return (void *)r;
}

static void *take_units(struct region *r, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < UNITS; i++) {
		run = r->used[i] ? 0 : run + 1;
		if (run < n)
			continue;
		r->n_free -= n;
		memset(r->used + i + 1 - n, true, n);
		return r->pages + (i + 1 - n) * UNIT;
	}
	return NULL;
}

/* Return: NULL if there is no room. */
static void *take_pages(size_t n)
{
	for (struct region *r = regions; r < regions + REGIONS; r++) {
		void *pages;

		if (!r->pages) {
			pages = map(NULL, sizeof(first), PROT_READ | PROT_WRITE,
			            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			if (pages == MAP_FAILED)
				return NULL;
			r->pages = pages;
			r->n_free = UNITS;
		}
		pages = n <= r->n_free ? take_units(r, n) : NULL;
		if (pages)
			return pages;
	}
	return NULL;
}

static bool give_pages(char *pages, size_t n)
{
	for (struct region *r = regions; r < regions + REGIONS && r->pages; r++)
		if (pages >= r->pages && pages < r->pages + sizeof(first)) {
			memset(pages, 0, n * UNIT);
			memset(r->used + (pages - r->pages) / UNIT, false, n);
			r->n_free += n;
			return true;
		}
	return false;
}

/* malloc() calls these by the names that musl has for itself */
void *__mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
void *__mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	size_t n = len / UNIT;
	void *pages = NULL;

	if (!at && prot == (PROT_READ | PROT_WRITE) &&
	    flags == (MAP_PRIVATE | MAP_ANONYMOUS) && len % UNIT == 0 && n > 0 &&
	    n <= UNITS_AT_ONCE)
		pages = take_pages(n);
	return pages ? pages : map(at, len, prot, flags, fd, offset);
}

int __munmap(void *at, size_t len);
int __munmap(void *at, size_t len)
{
	return give_pages(at, len / UNIT) ? 0 : (int)syscall(SYS_munmap, at, len);
}

void *mmap(void *, size_t, int, int, int, off_t) __attribute__((alias("__mmap")));
int munmap(void *, size_t) __attribute__((alias("__munmap")));

/* For a process that stays: the kernel has the free pages again. */
int malloc_trim(size_t pad)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), each = page / UNIT;

	(void)pad;
	for (struct region *r = regions; r < regions + REGIONS && r->pages; r++) {
		size_t skip = (-(uintptr_t)r->pages & (page - 1)) / UNIT;

		for (size_t i = skip; i + each <= UNITS; i += each)
			if (!memchr(r->used + i, true, each))
				(void)madvise(r->pages + i * UNIT, page, MADV_DONTNEED);
	}
	return 1;
}

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
 * What libraries link and hosttune never runs: 36 KB.
 *
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
